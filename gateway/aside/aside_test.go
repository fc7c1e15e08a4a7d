package aside

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	if v, err := (<-Ask(quiet, "", func() (int, error) { return 7, io.EOF })).Get(); v != 7 || err != io.EOF {
		t.Errorf("%d %v", v, err)
	}
	var said strings.Builder
	a := <-Ask(slog.New(slog.NewTextHandler(&said, nil)), "while it was asked", func() (int, error) { panic("boom") })
	if got := said.String(); !strings.Contains(got, `msg="panic while it was asked" panic=boom stack=`) || !strings.Contains(got, "TestAsk") {
		t.Errorf("said %q", got)
	}
	defer func() {
		if v := recover(); v != "boom" {
			t.Errorf("recovered %v", v)
		}
	}()
	_, _ = a.Get()
	t.Error("no panic")
}

func TestTry(t *testing.T) {
	quiet, fails := slog.New(slog.DiscardHandler), errors.New("it fails")
	if err := Try(quiet, "", func() error { return fails }); err != fails {
		t.Error(err)
	}
	if err := Try(quiet, "in a round", func() error { panic("boom") }); err == nil || err.Error() != "a panic in a round: boom" {
		t.Error(err)
	}
}
