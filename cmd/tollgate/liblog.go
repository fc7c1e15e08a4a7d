package main

import (
	"log"
	"log/slog"
	"strings"
)

// libraryLog takes what libraries say through the standard logger. What they quote may
// be bytes of somebody's answer (net/http quotes what an upstream sent too much), so
// from the first quote on it is left out.
type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Write(p []byte) (int, error) {
	text, _, _ := strings.Cut(strings.TrimSpace(string(p)), `"`)
	l.log.Warn("a library says", "text", strings.TrimSpace(text))
	return len(p), nil
}

// takeLibraryLog puts the standard logger's lines into the program's log.
func takeLibraryLog(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(libraryLog{to})
}
