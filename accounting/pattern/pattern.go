// Package pattern compares names with patterns, for whoever may use a model and for
// what a budget counts: one meaning of the star in both.
//
// It imports nothing of ours and does not know what the names stand for.
package pattern

import "strings"

// Match says whether name fits pattern, in which each * stands for any text.
// Every other character stands for itself.
func Match(pattern, name string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name, rest = name[i+len(part):], next
	}
}
