package configs

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// MaxProblems is how many problems are listed; the last of more says so.
const MaxProblems = 1000

// maxShown is how many bytes of an offending value a problem shows.
const maxShown = 120

// Problem is one thing that is wrong, or worth a warning, in a configuration.
type Problem struct {
	File         string // the file, if it is not the configuration itself but one that it includes
	Path         string // models.assistant.targets[1].price.input; "" is the file as a whole
	Line, Column int    // from 1; 0 if it has no place
	Value        string // what stands there, cut short; empty where it might be a secret
	Message      string // what is wrong, in words
	Write        string // the line to write instead; may be empty
}

// String writes the problem on one line: where, what stands there, what is wrong
// and what to write instead.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	if p.Value != "" {
		fmt.Fprintf(&b, "%q: ", p.Value)
	}
	b.WriteString(p.Message)
	if p.Write != "" {
		b.WriteString("; write: " + p.Write)
	}
	return b.String()
}

// pattern is an expression that is compiled when it is first asked: a right file asks for
// few of them, and a start waits for the rest otherwise.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// credential matches what is likely to be a key of a vendor, of tollgate itself or
// of a URL, wherever in the file it was put by mistake.
var credential = pattern(`(?i)(^|[^a-z0-9])(sk|pk|rk|gsk|xai|hf|csk|fw|pplx|nvapi|tgp|ghp|glpat|eyJ)[-_][a-z0-9_\-]{6,}|AIza[a-z0-9_\-]{20,}|bearer\s+\S+|eyJ[a-z0-9_\-]{16,}|//[^/\s]*@|^[A-Za-z0-9+=_\-]{32,}$`)

// shown makes a value fit to be shown: short, on one line, and nothing at all if
// it looks like a credential.
func shown(value string) string {
	if credential().MatchString(value) {
		return ""
	}
	if len(value) > maxShown {
		value = strings.ToValidUTF8(value[:maxShown], "") + "…"
	}
	return value
}

// ordered sorts problems by their place and cuts a very long list.
func ordered(ps []Problem) []Problem {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if extra := len(ps) - MaxProblems; extra > 0 {
		ps = append(ps[:MaxProblems:MaxProblems], Problem{Message: fmt.Sprintf("and %d more problems", extra)})
	}
	return ps
}
