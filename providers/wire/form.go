package wire

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/textproto"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of a multipart form. The body's own limit is that of every body.
const (
	MaxParts      = 64      // parts of a form
	MaxPartHeader = 4 << 10 // bytes of one part's headers
	MaxFieldName  = 128     // bytes of a field's name
	MaxField      = 1 << 20 // bytes of a field that is no file
	maxBoundary   = 70      // RFC 2046, 5.1.1
)

// The reasons for which a form is refused. Each comes wrapped with what and where.
var (
	ErrNotForm  = errors.New("the body is not a multipart form")
	ErrFormSize = errors.New("the form is over a limit")
)

// Form is a multipart form that keeps its bytes: parts are found by position, so that
// a field can be replaced and everything else stays as it came, boundary, order and
// files.
type Form struct {
	raw         []byte
	contentType string
	boundary    string
	parts       []Part
}

// Part is one part of a form.
type Part struct {
	Name string
	File bool // it has a file name

	from       int  // start of the boundary before it
	start, end int  // of the value
	sized      bool // its headers say how long the value is
}

// ParseForm checks that b is a whole form as contentType says, within the limits, with
// each field once: only names that end in [] and files may stand more often. The form
// keeps b; the caller must not change it.
func ParseForm(contentType string, b []byte) (*Form, error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		return nil, fmt.Errorf("%w: its Content-Type must be multipart/form-data with a boundary", ErrNotForm)
	}
	boundary := params["boundary"]
	if n := len(boundary); n == 0 || n > maxBoundary || strings.ContainsFunc(boundary, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, fmt.Errorf("%w: the boundary must have 1 to %d printable characters", ErrNotForm, maxBoundary)
	}
	f := &Form{raw: b, contentType: contentType, boundary: boundary}
	mark := []byte("\r\n--" + boundary)
	// Nothing may stand before the first boundary or after the last: servers differ in
	// what they make of it.
	if !bytes.HasPrefix(b, mark[2:]) {
		return nil, fmt.Errorf("%w: it does not begin with its boundary", ErrNotForm)
	}
	for at := len(mark) - 2; ; {
		rest := b[at:]
		if end, last := bytes.CutPrefix(rest, []byte("--")); last {
			if len(bytes.TrimSpace(end)) > 0 {
				return nil, fmt.Errorf("%w: something follows its last boundary", ErrNotForm)
			}
			return f, nil
		}
		// A boundary's line may have white space at its end.
		line := bytes.Index(rest, []byte("\r\n"))
		if line < 0 || len(bytes.Trim(rest[:line], " \t")) > 0 {
			return nil, fmt.Errorf("%w: a boundary's line does not end", ErrNotForm)
		}
		if len(f.parts) == MaxParts {
			return nil, fmt.Errorf("%w: more than %d parts", ErrFormSize, MaxParts)
		}
		// Both ends of the headers may be the line end of the boundary: a part without any.
		from := at + line
		head := bytes.Index(b[from:min(len(b), from+MaxPartHeader+4)], []byte("\r\n\r\n"))
		if head < 0 {
			return nil, fmt.Errorf("%w: the headers of part %d do not end within %d bytes", ErrFormSize, len(f.parts)+1, MaxPartHeader)
		}
		start := from + head + 4
		length := bytes.Index(b[start:], mark)
		if length < 0 {
			return nil, fmt.Errorf("%w: it ends within part %d", ErrNotForm, len(f.parts)+1)
		}
		p := Part{from: at + 2 - len(mark), start: start, end: start + length}
		if err := p.read(b[from:start]); err != nil {
			return nil, fmt.Errorf("part %d: %w", len(f.parts)+1, err)
		}
		if err := f.add(p); err != nil {
			return nil, err
		}
		at = p.end + len(mark)
	}
}

// read reads a part's headers, with the line ends around them.
func (p *Part) read(head []byte) error {
	disposition := ""
	for line := range bytes.SplitSeq(bytes.Trim(head, "\r\n"), []byte("\r\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			return fmt.Errorf("%w: a line of its headers has no colon", ErrNotForm)
		}
		switch text := strings.TrimSpace(string(value)); textproto.CanonicalMIMEHeaderKey(string(name)) {
		case "Content-Disposition":
			if disposition != "" {
				return fmt.Errorf("%w: it has two Content-Dispositions", ErrNotForm)
			}
			disposition = text
		case "Content-Length": // OkHttp's
			p.sized = true
		case "Content-Transfer-Encoding":
			if !slices.Contains([]string{"binary", "8bit", "7bit"}, strings.ToLower(text)) {
				return fmt.Errorf("%w: its Content-Transfer-Encoding is not understood", ErrNotForm)
			}
		}
	}
	if strings.Contains(strings.ReplaceAll(disposition, "filename*", ""), "name*") {
		return fmt.Errorf("%w: its name is encoded, which servers read in different ways", ErrNotForm)
	}
	kind, params, err := mime.ParseMediaType(disposition)
	if err != nil || kind != "form-data" {
		return fmt.Errorf("%w: its Content-Disposition is not that of a form's field", ErrNotForm)
	}
	p.Name = params["name"]
	_, p.File = params["filename"]
	switch n := len(p.Name); {
	case n == 0 || !utf8.ValidString(p.Name):
		return fmt.Errorf("%w: it has no name", ErrNotForm)
	case strings.ContainsAny(p.Name, "\\\""):
		return fmt.Errorf("%w: its name is escaped, which servers read in different ways", ErrNotForm)
	case n > MaxFieldName:
		return fmt.Errorf("%w: its name is longer than %d bytes", ErrFormSize, MaxFieldName)
	case !p.File && p.end-p.start > MaxField:
		return fmt.Errorf("%w: %s is longer than %d bytes and no file", ErrFormSize, Excerpt(p.Name, MaxFieldName), MaxField)
	}
	return nil
}

func (f *Form) add(p Part) error {
	if !p.File && !strings.HasSuffix(p.Name, "[]") && slices.ContainsFunc(f.parts, func(q Part) bool { return q.Name == p.Name && !q.File }) {
		return &DuplicateKey{p.Name}
	}
	f.parts = append(f.parts, p)
	return nil
}

// Bytes returns the form as it came.
func (f *Form) Bytes() []byte { return f.raw }

// ContentType is what the form came with, its boundary included.
func (f *Form) ContentType() string { return f.contentType }

// Parts lists the parts in order.
func (f *Form) Parts() []Part { return f.parts }

// Value is the value of a part: a view of the form's bytes.
func (f *Form) Value(p Part) []byte { return f.raw[p.start:p.end] }

// Get returns the text of a field that is no file, and whether there is one.
func (f *Form) Get(name string) (string, bool) {
	for _, p := range f.parts {
		if p.Name == name && !p.File {
			return string(f.Value(p)), true
		}
	}
	return "", false
}

// Files counts the bytes of the parts that are files.
func (f *Form) Files() (n int64) {
	for _, p := range f.parts {
		if p.File {
			n += int64(p.end - p.start)
		}
	}
	return n
}

// Set returns the form's bytes in pieces, with the values of the given fields replaced and
// everything else untouched; only what is new is a copy. A field that the form does not
// have is put before the others. A value must not hold the boundary; one without line
// ends cannot.
func (f *Form) Set(values ...Field) [][]byte {
	var before []byte
	edits := map[int][]byte{}
	for _, v := range values {
		i := slices.IndexFunc(f.parts, func(p Part) bool { return p.Name == v.Name && !p.File })
		if i >= 0 {
			edits[i] = []byte(v.Value)
			continue
		}
		before = append(append(append(before, f.head(v.Name)...), v.Value...), "\r\n"...)
	}
	var pieces [][]byte
	if before != nil {
		pieces = append(pieces, before)
	}
	at := 0
	for i, p := range f.parts {
		switch value, ok := edits[i]; {
		case !ok:
		case p.sized && len(value) != p.end-p.start:
			pieces, at = append(pieces, f.raw[at:p.from], f.head(p.Name), value), p.end
		default:
			pieces, at = append(pieces, f.raw[at:p.start], value), p.end
		}
	}
	return append(pieces, f.raw[at:])
}

// head is what stands before the value of a field.
func (f *Form) head(name string) []byte {
	return fmt.Appendf(nil, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n", f.boundary, name)
}

// Without returns the form's bytes as one text without the fields of the given names that
// are no files, and everything else untouched.
func (f *Form) Without(names ...string) []byte {
	out := make([]byte, 0, len(f.raw))
	at := 0
	for _, p := range f.parts {
		if !p.File && slices.Contains(names, p.Name) {
			out = append(out, f.raw[at:p.from]...)
			at = p.end + 2 // the line end before the next boundary
		}
	}
	return append(out, f.raw[at:]...)
}

// Field is a field of a form and its new value.
type Field struct{ Name, Value string }

// readForm reads the fields of a form that a gateway has to read. InputBound counts
// the text fields only: what a file holds is for the operation to say.
func readForm(f *Form) (Params, error) {
	p := Params{Choices: 1}
	switch model, ok := f.Get("model"); {
	case !ok || model == "":
		return p, ErrNoModel
	case len(model) > MaxModelName:
		return p, &ErrField{"model", fmt.Sprintf("it is longer than %d bytes", MaxModelName)}
	case !utf8.ValidString(model) || strings.ContainsAny(model, "\r\n\x00"):
		return p, &ErrField{"model", "it must be one line of text"}
	default:
		p.Model = model
	}
	p.Stream, p.WantUsage = f.flag("stream"), f.flag("stream_include_usage") // the latter is vLLM's
	if n, ok := f.Get("n"); ok {
		v, err := number(n, MaxChoices)
		if err != nil {
			return p, &ErrField{"n", err.Error()}
		}
		p.Choices = v
	}
	p.EndUser, _ = f.Get("user")
	for _, part := range f.parts {
		if !part.File {
			p.InputBound += int64(part.end - part.start)
		}
	}
	return p, nil
}

// flag says whether a field may be taken for true: in a form there are words only, and
// each server has its own. How the answer comes its own type says.
func (f *Form) flag(name string) bool {
	switch text, _ := f.Get(name); strings.ToLower(strings.TrimSpace(text)) {
	case "", "false", "f", "0", "no", "n", "off", "null", "none", "undefined":
		return false
	}
	return true
}

func number(text string, limit int64) (n int64, err error) {
	problem := fmt.Errorf("it must be a whole number from 1 to %d", limit)
	if len(text) == 0 || len(text) > 18 {
		return 0, problem
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, problem
		}
		n = n*10 + int64(c-'0')
	}
	if n < 1 || n > limit {
		return 0, problem
	}
	return n, nil
}
