package main

import (
	"testing"

	"tollgate/configs"
	"tollgate/gateway/edge"
)

// TestFrontDefaults: what the configuration calls the default is what the front does
// that is told nothing.
func TestFrontDefaults(t *testing.T) {
	if got, want := frontLimits(configs.DefaultFront()), edge.DefaultLimits(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
