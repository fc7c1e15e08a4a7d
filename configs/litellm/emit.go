package litellm

import (
	"fmt"
	"strings"
	"unicode"

	"tollgate/providers/wire"
)

// document is a configuration that is being written, line by line. Each line knows where in
// LiteLLM's files it comes from.
type document struct {
	lines  []string
	origin []place
}

func (t *document) line(at place, indent int, s string) {
	t.lines = append(t.lines, strings.Repeat("  ", indent)+s)
	t.origin = append(t.origin, at)
}

// comment writes a comment, broken into lines.
func (t *document) comment(at place, indent int, s string) {
	const width = 92
	line := ""
	for w := range strings.FieldsSeq(s) {
		if line != "" && len(line)+1+len(w) > width {
			t.line(at, indent, "# "+line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		t.line(at, indent, "# "+line)
	}
}

func (t *document) bytes() []byte {
	return []byte(strings.Join(append(t.lines, ""), "\n"))
}

var (
	plain = pattern(`^[A-Za-z_][A-Za-z0-9_./@-]*(:[A-Za-z0-9_/][A-Za-z0-9_./:@-]*)?$`)
	taken = pattern(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)
)

// quote writes a text so that YAML reads it as the same text.
func quote(s string) string {
	if plain().MatchString(s) && !taken().MatchString(s) && !strings.HasSuffix(s, ":") {
		return s
	}
	return escaped(wire.String(s))
}

// escaped writes JSON so that YAML reads the same: some characters end a line there.
func escaped(json []byte) string {
	var b strings.Builder
	for _, r := range string(json) {
		switch {
		case r < 0x80 || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

// member is one key of a mapping with its value, as it is written.
type member struct{ key, value string }

// flow writes a mapping on one line.
func flow(members []member) string {
	if len(members) == 0 {
		return "{}"
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = quote(m.key) + ": " + m.value
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

// series writes a list of texts on one line.
func series(texts []string) string {
	parts := make([]string, len(texts))
	for i, s := range texts {
		parts[i] = quote(s)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
