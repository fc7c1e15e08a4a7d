// Package pricelist is the built-in price catalogue: what the models of the most
// used vendors cost, as facts with their source and day.
//
// It imports accounting and reads its data from one embedded file; it never asks
// the network. It does not know deployments or configuration: whoever uses it
// decides when a vendor's list applies. An operator can replace the whole list.
package pricelist

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"tollgate/accounting"
)

//go:embed catalogue.json
var builtin []byte

// Mode is what a model is for.
type Mode string

// The modes of a model.
const (
	Chat          Mode = "chat"
	Completion    Mode = "completion"
	Embedding     Mode = "embedding"
	Image         Mode = "image"
	Transcription Mode = "transcription"
	Speech        Mode = "speech"
	Moderation    Mode = "moderation"
	Responses     Mode = "responses"
)

// Entry is what the catalogue says of one model of one vendor.
type Entry struct {
	Vendor          string
	Model           string
	Mode            Mode
	Context         int64 // most input tokens; 0 if not stated
	MaxOutput       int64 // most output tokens; 0 if not stated
	HiddenReasoning bool  // bills reasoning tokens that a chat stream does not show
	Price           accounting.Price
	Source          string // where the figures were read
	AsOf            string // the day of the figures, as YYYY-MM-DD
}

// List is an immutable price catalogue.
type List struct {
	content func() content
}

// content is what a list says, by vendor and model.
type content struct {
	asOf    string
	entries map[string]map[string]Entry
}

// NewList makes a catalogue of entries. Two entries for one model of one vendor
// are an error.
func NewList(asOf string, entries []Entry) (*List, error) {
	c := content{asOf: asOf, entries: map[string]map[string]Entry{}}
	for _, e := range entries {
		if e.Vendor == "" || e.Model == "" {
			return nil, errors.New("an entry without vendor or model")
		}
		of := c.entries[e.Vendor]
		if of == nil {
			of = map[string]Entry{}
			c.entries[e.Vendor] = of
		}
		if _, twice := of[e.Model]; twice {
			return nil, fmt.Errorf("%s/%s stands twice", e.Vendor, e.Model)
		}
		of[e.Model] = e
	}
	return &List{func() content { return c }}, nil
}

// Builtin returns the catalogue that is part of the program. It is read when it is first
// asked: who serves engines of their own alone never waits for it.
func Builtin() *List { return &own }

var own = List{sync.OnceValue(func() content {
	l, err := Parse(builtin)
	if err != nil {
		panic("built-in price catalogue: " + err.Error()) // a test loads it
	}
	return l.content()
})}

// AsOf is the day the list as a whole was made, as YYYY-MM-DD.
func (l *List) AsOf() string { return l.content().asOf }

// Find returns what the list says of a vendor's model.
func (l *List) Find(vendor, model string) (Entry, bool) {
	e, ok := l.content().entries[vendor][model]
	return e, ok
}

// Of lists a vendor's models by name.
func (l *List) Of(vendor string) []Entry {
	return slices.SortedFunc(maps.Values(l.content().entries[vendor]), func(a, b Entry) int { return strings.Compare(a.Model, b.Model) })
}

// Vendors lists the vendors by name.
func (l *List) Vendors() []string { return slices.Sorted(maps.Keys(l.content().entries)) }

// Len counts the models of all vendors.
func (l *List) Len() int {
	n := 0
	for _, of := range l.content().entries {
		n += len(of)
	}
	return n
}

type fileRates map[string]string

type fileBand struct {
	AboveInput int64                `json:"above_input"`
	Rates      fileRates            `json:"rates"`
	Tiers      map[string]fileRates `json:"tiers"`
}

type fileImage struct {
	Size    string `json:"size"`
	Quality string `json:"quality"`
	Rate    string `json:"image"`
}

type fileModel struct {
	Provider        string               `json:"provider"`
	Model           string               `json:"model"`
	Aliases         []string             `json:"aliases"`
	Mode            Mode                 `json:"mode"`
	Context         int64                `json:"context"`
	MaxOutput       int64                `json:"max_output"`
	HiddenReasoning bool                 `json:"hidden_reasoning"`
	Source          string               `json:"source"`
	AsOf            string               `json:"as_of"`
	Rates           fileRates            `json:"rates"`
	Tiers           map[string]fileRates `json:"tiers"`
	LongContext     []fileBand           `json:"long_context"`
	Images          []fileImage          `json:"images"` // by size and quality
}

// Parse reads a catalogue in tollgate's own format: see catalogue.json. Unknown
// keys, unknown meters, inexact figures and models that stand twice are errors.
func Parse(data []byte) (*List, error) {
	var f struct {
		AsOf     string      `json:"as_of"`
		Currency string      `json:"currency"`
		Models   []fileModel `json:"models"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the catalogue")
	}
	if f.Currency != "USD" {
		return nil, fmt.Errorf("currency %q: only USD is known", f.Currency)
	}
	var entries []Entry
	for _, m := range f.Models {
		price, err := m.price()
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", m.Provider, m.Model, err)
		}
		for _, name := range append([]string{m.Model}, m.Aliases...) {
			entries = append(entries, Entry{Vendor: m.Provider, Model: name, Mode: m.Mode, Context: m.Context, MaxOutput: m.MaxOutput,
				HiddenReasoning: m.HiddenReasoning, Price: price, Source: m.Source, AsOf: m.AsOf})
		}
	}
	return NewList(f.AsOf, entries)
}

func (m fileModel) price() (accounting.Price, error) {
	t := accounting.Tariff{Version: "catalogue " + m.AsOf}
	var err error
	if t.Rates, err = m.Rates.read(); err != nil {
		return nil, err
	}
	if t.Tiers, err = readTiers(m.Tiers); err != nil {
		return nil, err
	}
	for _, b := range m.LongContext {
		band := accounting.Band{AboveInput: b.AboveInput}
		if band.Rates, err = b.Rates.read(); err != nil {
			return nil, err
		}
		if band.Tiers, err = readTiers(b.Tiers); err != nil {
			return nil, err
		}
		t.Long = append(t.Long, band)
	}
	for _, image := range m.Images {
		rate, err := accounting.ParseRate(accounting.Images, image.Rate, accounting.PerUnit)
		if err != nil {
			return nil, err
		}
		t.Images = append(t.Images, accounting.ImageRate{Size: image.Size, Quality: image.Quality, Rate: rate})
	}
	return accounting.NewPriced(t)
}

func readTiers(in map[string]fileRates) (map[accounting.Tier]accounting.Rates, error) {
	out := map[accounting.Tier]accounting.Rates{}
	for name, rates := range in {
		tier := accounting.Tier(name)
		if tier != accounting.Batch && tier != accounting.Flex && tier != accounting.Priority {
			return nil, fmt.Errorf("unknown tier %q", name)
		}
		var err error
		if out[tier], err = rates.read(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r fileRates) read() (accounting.Rates, error) {
	out := accounting.Rates{}
	for name, amount := range r {
		m, ok := accounting.MeterByName(name)
		if !ok {
			return nil, fmt.Errorf("unknown meter %q", name)
		}
		rate, err := accounting.ParseRate(m, amount, accounting.PerUnitOf(m))
		if err != nil {
			return nil, err
		}
		out[m] = rate
	}
	return out, nil
}
