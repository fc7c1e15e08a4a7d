package aside

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	var said strings.Builder
	log := slog.New(slog.NewTextHandler(&said, nil))
	if v, err := (<-Ask(log, "", func() (int, error) { return 7, io.EOF })).Get(); v != 7 || err != io.EOF || said.String() != "" {
		t.Errorf("%d %v, said %q", v, err, said.String())
	}
	a := <-Ask(log, "while it was asked", func() (int, error) { panic("boom") })
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
	var said strings.Builder
	log, fails := slog.New(slog.NewTextHandler(&said, nil)), errors.New("it fails")
	if err := Try(log, "", func() error { return fails }); err != fails || said.String() != "" {
		t.Errorf("%v, said %q", err, said.String())
	}
	if err := Try(log, "in a round", func() error { panic("boom") }); err == nil || err.Error() != "a panic in a round: boom" {
		t.Error(err)
	}
	if got := said.String(); !strings.Contains(got, `msg="panic in a round" panic=boom stack=`) {
		t.Errorf("said %q", got)
	}
}
