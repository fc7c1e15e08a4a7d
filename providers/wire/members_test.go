package wire

import (
	"strings"
	"testing"
)

func TestMembersApply(t *testing.T) {
	e := func(pairs ...string) (out []Edit) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, Edit{pairs[i], []byte(pairs[i+1])})
		}
		return out
	}
	for name, c := range map[string]struct {
		m        *Members
		in, want string
	}{
		"nothing":                       {nil, `{"a": 1}`, `{"a": 1}`},
		"nothing to do":                 {&Members{Defaults: e("a", "2"), Drop: []string{"b"}}, `{"a": 1.0e0}`, `{"a": 1.0e0}`},
		"a default":                     {&Members{Defaults: e("t", "0.10")}, `{"a": 1}`, `{"a": 1,"t":0.10}`},
		"a default in place of null":    {&Members{Defaults: e("t", "0.10")}, `{"t": null}`, `{"t": 0.10}`},
		"the client's word goes before": {&Members{Defaults: e("t", "0.10")}, `{"t": 0}`, `{"t": 0}`},
		"what is set goes before it":    {&Members{Set: e("t", `{"x":[1]}`)}, `{"t": 0, "b": 2}`, `{"t": {"x":[1]}, "b": 2}`},
		"dropped":                       {&Members{Drop: []string{"a", "z"}}, `{"a": 1, "b": 2}`, `{"b": 2}`},
		"all dropped":                   {&Members{Drop: []string{"a", "b"}}, `{"a": 1, "b": 2}`, `{}`},
		"dropped, with a default":       {&Members{Drop: []string{"a"}, Defaults: e("a", "7")}, `{"a": 1}`, `{"a": 7}`},
		"set before default and drop":   {&Members{Drop: []string{"a"}, Defaults: e("a", "7"), Set: e("a", "8")}, `{"a": 1}`, `{"a": 8}`},
	} {
		o, err := ParseObject([]byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.m.Apply(o)
		if err != nil || string(got.Bytes()) != c.want {
			t.Errorf("%s: %s, %v, want %s", name, got.Bytes(), err, c.want)
		}
		if string(o.Bytes()) != c.in {
			t.Errorf("%s: the client's own request was changed", name)
		}
	}
}

func TestMembersOver(t *testing.T) {
	narrow := &Members{Defaults: []Edit{{"a", []byte("1")}}, Drop: []string{"d"}}
	wide := &Members{Defaults: []Edit{{"a", []byte("2")}, {"b", []byte("2")}}, Set: []Edit{{"a", []byte("3")}, {"s", []byte("3")}, {"d", []byte("3")}}, Drop: []string{"a", "x"}}
	m := narrow.Over(wide)
	var got []string
	for _, e := range m.Defaults {
		got = append(got, "default "+e.Key+"="+string(e.Value))
	}
	for _, e := range m.Set {
		got = append(got, "set "+e.Key+"="+string(e.Value))
	}
	for _, k := range m.Drop {
		got = append(got, "drop "+k)
	}
	if want := "default a=1, default b=2, set s=3, drop d, drop x"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if narrow.Over(nil) != narrow || (*Members)(nil).Over(wide) != wide || len(narrow.Defaults) != 1 {
		t.Error("what is alone stays as it is")
	}
}
