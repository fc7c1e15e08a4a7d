package gateway

import (
	"context"
	"errors"
	"testing"
	"time"
)

// A lifetime is a context to whoever takes it for one, whether it is asked before its
// end or after it.
func TestALifetimeIsAContext(t *testing.T) {
	why := errors.New("why")
	ended := func(ctx context.Context) {
		t.Helper()
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			t.Fatal("it goes on")
		}
		if ctx.Err() == nil || !errors.Is(context.Cause(ctx), why) {
			t.Errorf("%v, because of %v", ctx.Err(), context.Cause(ctx))
		}
	}
	var l Lifetime
	if l.Err() != nil || context.Cause(&l) != nil {
		t.Errorf("%v %v", l.Err(), context.Cause(&l))
	}
	child, cancel := context.WithTimeout(&l, time.Hour)
	defer cancel()
	apart := context.WithoutCancel(&l)
	called, own := make(chan struct{}), make(chan struct{})
	context.AfterFunc(&l, func() { close(called) })
	l.AfterFunc(func() { close(own) })
	taken := l.AfterFunc(func() { t.Error("called though it was taken back") })
	if !taken() || taken() {
		t.Error("it can be taken back once")
	}
	l.End(why)
	l.End(errors.New("too late"))
	ended(&l)
	ended(child)
	<-called
	<-own
	if apart.Err() != nil {
		t.Error(apart.Err())
	}

	var unasked Lifetime
	late := unasked.AfterFunc(func() {})
	unasked.End(why)
	if late() {
		t.Error("taken back after the end")
	}
	ended(&unasked)
	again := make(chan struct{})
	if unasked.AfterFunc(func() { close(again) })() {
		t.Error("taken back after the end")
	}
	<-again
	child, cancel = context.WithCancel(&unasked)
	defer cancel()
	ended(child)
}
