package http1

import (
	"errors"
	"fmt"
)

// malformedError says what is wrong with an answer.
type malformedError struct{ what string }

func (e *malformedError) Error() string { return "not an HTTP answer: " + e.what }

func malformed(format string, args ...any) error {
	return &malformedError{fmt.Sprintf(format, args...)}
}

// Malformed says that a failure is of an answer that makes no sense in HTTP.
func Malformed(err error) bool {
	var m *malformedError
	return errors.As(err, &m)
}
