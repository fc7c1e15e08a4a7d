package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const formType = "multipart/form-data; boundary=XX"

// formOf joins parts, each a disposition and a value, in the boundary XX.
func formOf(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(&b, "--XX\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n", parts[i], parts[i+1])
	}
	return b.String() + "--XX--\r\n"
}

func TestFormKeepsItsBytes(t *testing.T) {
	file := "\x00\xff--XX\r\n--X\r\n\r\nmodel=none\r\n"
	raw := formOf(`name="file"; filename="a.wav"`, file, `name="language"`, "", `name="timestamp_granularities[]"`, "word",
		`name="timestamp_granularities[]"`, "segment", `name="model"`, "free", `name="stream"`, "true", `name="user"`, "eve")
	f, err := ParseForm(formType, []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Parts()) != 7 || string(f.Value(f.Parts()[0])) != file || !f.Parts()[0].File || f.Files() != int64(len(file)) {
		t.Errorf("%+v", f.Parts())
	}
	if v, ok := f.Get("language"); v != "" || !ok {
		t.Errorf("language: %q, %v", v, ok)
	}
	if _, ok := f.Get("file"); ok {
		t.Error("a file is no field")
	}
	if got := string(bytes.Join(f.Set(Field{"model", "org/Model:1"}), nil)); got != strings.Replace(raw, "\r\nfree\r\n", "\r\norg/Model:1\r\n", 1) {
		t.Errorf("%q", got)
	}
	if got := string(bytes.Join(f.Set(Field{"nothing", "x"}, Field{"model", "m"}), nil)); got != "--XX\r\nContent-Disposition: form-data; name=\"nothing\"\r\n\r\nx\r\n"+strings.Replace(raw, "\r\nfree\r\n", "\r\nm\r\n", 1) || string(f.Bytes()) != raw || f.ContentType() != formType {
		t.Errorf("%q", got)
	}
	p, err := readForm(f)
	if err != nil || p.Model != "free" || !p.Stream || p.EndUser != "eve" || p.Choices != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestFormWithLengths: a part that says how long it is does not say so of another value.
func TestFormWithLengths(t *testing.T) {
	const before, after = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Length: 1\r\n\r\nx\r\n", "\r\n--XX\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\ny\r\n--XX--\r\n"
	raw := before + "--XX\r\nContent-Disposition: form-data; name=\"model\"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\nfree" + after
	f, err := ParseForm(formType, []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(bytes.Join(f.Set(Field{"model", "m"}), nil)), before+"--XX\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm"+after; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if got := string(bytes.Join(f.Set(Field{"model", "paid"}), nil)); got != strings.Replace(raw, "free", "paid", 1) {
		t.Errorf("%q", got)
	}
}

func TestFormRefusals(t *testing.T) {
	field := func(n int) string { return formOf(`name="a"`, strings.Repeat("a", n)) }
	parts := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`name="a%d"`, i), "")
		}
		return formOf(all...)
	}
	header := func(n int) string {
		const lead = "Content-Disposition: form-data; name=a\r\nX: "
		return "--XX\r\n" + lead + strings.Repeat("a", n-len(lead)-2) + "\r\n\r\n\r\n--XX--"
	}
	for name, c := range map[string]struct {
		kind, body string
		want       error
	}{
		"a field at its limit":      {formType, field(MaxField), nil},
		"a field over it":           {formType, field(MaxField + 1), ErrFormSize},
		"a file over it":            {formType, formOf(`name="f"; filename="x"`, strings.Repeat("a", MaxField+1)), nil},
		"parts at their limit":      {formType, parts(MaxParts), nil},
		"parts over it":             {formType, parts(MaxParts + 1), ErrFormSize},
		"headers at their limit":    {formType, header(MaxPartHeader), nil},
		"headers over it":           {formType, header(MaxPartHeader + 1), ErrFormSize},
		"a name at its limit":       {formType, formOf(`name="`+strings.Repeat("n", MaxFieldName)+`"`, ""), nil},
		"a name over it":            {formType, formOf(`name="`+strings.Repeat("n", MaxFieldName+1)+`"`, ""), ErrFormSize},
		"a boundary at its limit":   {"multipart/form-data; boundary=" + strings.Repeat("b", 70), "--" + strings.Repeat("b", 70) + "--", nil},
		"a boundary over it":        {"multipart/form-data; boundary=" + strings.Repeat("b", 71), "--" + strings.Repeat("b", 71) + "--", ErrNotForm},
		"no boundary":               {"multipart/form-data", field(1), ErrNotForm},
		"another type":              {"multipart/mixed; boundary=XX", field(1), ErrNotForm},
		"nothing":                   {formType, "", ErrNotForm},
		"something before":          {formType, "x\r\n" + field(1), ErrNotForm},
		"something after":           {formType, field(1) + "x", ErrNotForm},
		"no end":                    {formType, strings.TrimSuffix(field(1), "--XX--\r\n"), ErrNotForm},
		"a boundary that goes on":   {formType, strings.Replace(field(1), "--XX\r\n", "--XXY\r\n", 1), ErrNotForm},
		"a field twice":             {formType, formOf(`name="model"`, "a", `name="model"`, "b"), ErrDuplicateKey},
		"a field twice, escaped":    {formType, formOf(`name="model"`, "a", `name="mod\el"`, "b"), ErrNotForm},
		"a list":                    {formType, formOf(`name="a[]"`, "a", `name="a[]"`, "b"), nil},
		"two files of one name":     {formType, formOf(`name="image"; filename="x"`, "a", `name="image"; filename="y"`, "b"), nil},
		"no name":                   {formType, formOf(`filename="x"`, "a"), ErrNotForm},
		"an encoded name":           {formType, formOf(`name*=utf-8''model`, "a"), ErrNotForm},
		"a name in pieces":          {formType, formOf(`name*0="mo"; name*1="del"`, "a"), ErrNotForm},
		"an encoded file name":      {formType, formOf(`name="f"; filename*=utf-8''%e2%82%ac`, "a"), nil},
		"two dispositions":          {formType, "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n\r\n--XX--", ErrNotForm},
		"no headers":                {formType, "--XX\r\n\r\na\r\n--XX--", ErrNotForm},
		"a value in base64":         {formType, "--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--XX--", ErrNotForm},
		"white space behind it":     {formType, strings.Replace(field(1), "--XX\r\n", "--XX \t\r\n", 1), nil},
		"bare line feeds":           {formType, strings.ReplaceAll(field(1), "\r\n", "\n"), ErrNotForm},
		"an endless boundary":       {formType, strings.Repeat("--XX", 1<<18), ErrNotForm},
		"a boundary without an end": {formType, "--XX\r\n" + strings.Repeat("\r\n--X", 1<<18), ErrNotForm},
	} {
		if _, err := ParseForm(c.kind, []byte(c.body)); !errors.Is(err, c.want) || (err != nil) != (c.want != nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestReadForm: what is read of a form, at the edges of each field.
func TestReadForm(t *testing.T) {
	for body, is := range map[string]func(Params) bool{
		formOf(`name="model"`, strings.Repeat("m", MaxModelName)):                                             func(p Params) bool { return len(p.Model) == MaxModelName && p.Choices == 1 && !p.Stream },
		formOf(`name="model"`, "m", `name="n"`, fmt.Sprint(MaxChoices)):                                       func(p Params) bool { return p.Choices == MaxChoices },
		formOf(`name="model"`, "m", `name="stream"`, "true", `name="stream_include_usage"`, "true"):           func(p Params) bool { return p.Stream && p.WantUsage },
		formOf(`name="model"`, "m", `name="stream"`, "True", `name="stream_include_usage"`, "1"):              func(p Params) bool { return p.Stream && p.WantUsage },
		formOf(`name="model"`, "m", `name="stream"`, "False", `name="stream_include_usage"`, "0"):             func(p Params) bool { return !p.Stream && !p.WantUsage },
		formOf(`name="model"`, "m", `name="stream"`, "", `name="stream_include_usage"`, "off"):                func(p Params) bool { return !p.Stream && !p.WantUsage },
		formOf(`name="model"`, "m", `name="user"`, "u"):                                                       func(p Params) bool { return p.EndUser == "u" },
		formOf(`name="model"`, "m", `name="prompt"`, "0123456789", `name="file"; filename="x"`, "0123456789"): func(p Params) bool { return p.InputBound == 11 },
	} {
		f, err := ParseForm(formType, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := readForm(f); err != nil || !is(p) {
			t.Errorf("%.120q: %+v %v", body, p, err)
		}
	}
}

// TestReadImageForm: each image that a form brings along counts, be it a file or where one is.
func TestReadImageForm(t *testing.T) {
	file := func(name string) []string { return []string{`name="` + name + `"; filename="a.png"`, "PNG"} }
	for name, c := range map[string]struct {
		parts []string
		in    int64 // images; 0: refused
		media []string
	}{
		"a file":             {file("image"), 1, nil},
		"files and a mask":   {slices.Concat(file("image[]"), file("image[]"), file("mask")), 3, nil},
		"an address":         {[]string{`name="image_url"`, "https://e.org/a"}, 1, []string{"https://e.org/a"}},
		"addresses":          {[]string{`name="image[]"`, "https://e.org/a", `name="image[]"`, "https://e.org/b", `name="prompt"`, "https://e.org/c"}, 2, []string{"https://e.org/a", "https://e.org/b"}},
		"none":               {[]string{`name="prompt"`, "hi"}, 0, nil},
		"a text":             {[]string{`name="image"`, "hi"}, 0, nil},
		"as many as fit":     {slices.Repeat(file("image[]"), MaxImages), MaxImages, nil},
		"more than that":     {slices.Repeat(file("image[]"), MaxImages+1), 0, nil},
		"of a wrong number":  {append(file("image"), `name="n"`, "x"), 0, nil},
		"of several answers": {append(file("image"), `name="n"`, "3", `name="size"`, "1024x1024", `name="quality"`, "medium"), 1, nil},
	} {
		f, err := ParseForm(formType, []byte(formOf(append(c.parts, `name="model"`, "m")...)))
		if err != nil {
			t.Fatal(err)
		}
		p, err := ReadImageForm(f)
		var field *ErrField
		if c.in == 0 && !errors.As(err, &field) || c.in > 0 && (err != nil || p.Units.ImagesIn != c.in || !slices.Equal(p.Media, c.media)) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		if name == "of several answers" && (p.Units.Images != 3 || p.Units.ImageTokens != 1058) {
			t.Errorf("%s: %+v", name, p.Units)
		}
	}
}

func TestReadFormRefusals(t *testing.T) {
	for body, want := range map[string]string{
		formOf(`name="file"; filename="x"`, "a"):                        ErrNoModel.Error(),
		formOf(`name="model"`, ""):                                      ErrNoModel.Error(),
		formOf(`name="model"; filename="x"`, "m"):                       ErrNoModel.Error(),
		formOf(`name="model"`, strings.Repeat("m", 513)):                "model: ",
		formOf(`name="model"`, "a\nb"):                                  "model: ",
		formOf(`name="model"`, "m", `name="n"`, "0"):                    "n: ",
		formOf(`name="model"`, "m", `name="n"`, "129"):                  "n: ",
		formOf(`name="model"`, "m", `name="n"`, "1.5"):                  "n: ",
		formOf(`name="model"`, "m", `name="n"`, "99999999999999999999"): "n: ",
		formOf(`name="model"`, "m", `name="n"`, "18446744073709551618"): "n: ", // 2, if it went round
	} {
		f, err := ParseForm(formType, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := readForm(f); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", body[:min(len(body), 80)], err)
		}
	}
}

// TestFormReadsAsOthersRead: what this reader takes, the standard library's takes for
// the same, before and after a field is replaced.
func TestFormReadsAsOthersRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		values := map[string]string{}
		for i, v := range rapid.SliceOfN(rapid.String(), 0, 8).Draw(t, "values") {
			name := fmt.Sprintf("f%d", i)
			values[name] = v
			create := w.CreateFormField
			if i%3 == 2 {
				create = func(name string) (io.Writer, error) { return w.CreateFormFile(name, `a"b.png`) }
			}
			part, err := create(name)
			if err == nil {
				_, err = io.WriteString(part, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		values["model"] = "m"
		if err := errors.Join(w.WriteField("model", "m"), w.Close()); err != nil {
			t.Fatal(err)
		}
		f, err := ParseForm(w.FormDataContentType(), b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		values["model"] = "other"
		for r, seen := multipart.NewReader(bytes.NewReader(bytes.Join(f.Set(Field{"model", "other"}), nil)), w.Boundary()), 0; ; seen++ {
			part, err := r.NextPart()
			if errors.Is(err, io.EOF) {
				if seen != len(values) {
					t.Fatalf("%d of %d parts", seen, len(values))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(part)
			if err != nil || string(got) != values[part.FormName()] {
				t.Fatalf("%s: %q, want %q, %v", part.FormName(), got, values[part.FormName()], err)
			}
		}
	})
}

func FuzzForm(f *testing.F) {
	f.Add("XX", []byte(formOf(`name="a"; filename="x"`, "a", `name="model"`, "m")))
	f.Add("XX", []byte("--XX\r\n\r\n\r\n--XX--"))
	f.Fuzz(func(t *testing.T, boundary string, raw []byte) {
		form, err := ParseForm("multipart/form-data; boundary="+boundary, raw)
		if err != nil {
			return
		}
		for _, p := range form.Parts() {
			_ = form.Value(p)
		}
		if p, err := readForm(form); err == nil && !bytes.Equal(bytes.Join(form.Set(Field{"model", p.Model}), nil), raw) {
			t.Fatal("a field that is replaced by itself changes the form")
		}
	})
}

// TestFormWithout: fields go with their boundary, files and everything else stay.
func TestFormWithout(t *testing.T) {
	part := func(name, value string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	file := "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"x\"\r\n\r\n\x00\r\n"
	for body, want := range map[string]string{
		part("x", "1"):                                       "",
		part("a", "1") + part("x", "2"):                      part("a", "1"),
		part("x", "") + part("a", "1"):                       part("a", "1"),
		file + part("x", "2") + part("a", "1"):               file + part("a", "1"),
		part("x[]", "1") + part("x[]", "2") + part("a", "1"): part("x[]", "1") + part("x[]", "2") + part("a", "1"),
		part("x", "1") + part("y", "2") + part("a", "3"):     part("a", "3"),
	} {
		f, err := ParseForm("multipart/form-data; boundary=b", []byte(body+"--b--\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(f.Without("x", "y")); got != want+"--b--\r\n" {
			t.Errorf("%q became %q", body, got)
		}
	}
}
