package main

import (
	"testing"
	"time"

	"tollgate/configs"
	"tollgate/gateway/catalog"
	"tollgate/gateway/dispatch"
	"tollgate/gateway/dispatch/http1"
	"tollgate/gateway/edge"
	"tollgate/providers/wire"
)

// TestFrontDefaults: what the configuration calls the default is what the front does
// that is told nothing.
func TestFrontDefaults(t *testing.T) {
	want := edge.DefaultLimits()
	want.Files = int(mostFiles()) // what no configuration says
	if got := frontLimits(configs.DefaultFront()); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestP1_P2_Defaults: the deadlines and limits of who configures nothing are those of
// trust.md, but for these, which real engines and models need: a longer body, a longer
// event, a longer gap, and a longer wait for an engine that loads its model first.
func TestP1_P2_Defaults(t *testing.T) {
	front := edge.DefaultLimits()
	for what, d := range map[string][2]time.Duration{
		"client headers":           {front.HeaderWait, 10 * time.Second},
		"client body":              {front.BodyWait, 60 * time.Second},
		"kept-alive idle":          {front.IdleWait, 75 * time.Second},
		"one write stalls":         {front.WriteStall, 30 * time.Second},
		"wait in line":             {catalog.QueueDefault, 10 * time.Second},
		"connect":                  {http1.ConnectTimeout, 5 * time.Second},
		"request written":          {http1.WriteTimeout, 30 * time.Second},
		"first byte":               {catalog.FirstByteCloud, 120 * time.Second},
		"first byte of an engine":  {catalog.FirstByteLocal, 10 * time.Minute},
		"gap":                      {catalog.GapDefault, 5 * time.Minute},
		"whole request":            {catalog.TotalDefault, 15 * time.Minute},
		"connections come of age":  {http1.MaxAge, 5 * time.Minute},
		"requests are still taken": {configs.DefaultDelay, 5 * time.Second},
		"streams may finish":       {configs.DefaultDrain, 60 * time.Second},
	} {
		if d[0] != d[1] {
			t.Errorf("%s: %v, want %v", what, d[0], d[1])
		}
	}
	for what, n := range map[string][2]int64{
		"bytes per second of a body": {edge.MinRate, 1 << 10},
		"body":                       {front.MaxBody, 32 << 20},
		"headers":                    {edge.MaxHeaders, 32 << 10},
		"fields":                     {edge.MaxFields, 100},
		"URL":                        {edge.MaxURL, 8 << 10},
		"JSON depth":                 {wire.MaxDepth, 64},
		"event":                      {wire.MaxEvent, 16 << 20},
		"upstream headers":           {http1.MaxHead, 64 << 10},
		"whole answer":               {dispatch.MaxAnswer, 32 << 20},
		"connections of an address":  {int64(front.PerAddress), 4096},
		"in flight of a key":         {int64(front.PerKey), 4096},
		"in flight":                  {int64(front.Requests), 16_384},
		"bytes in flight":            {front.Bodies, 1 << 30},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d, want %d", what, n[0], n[1])
		}
	}
}
