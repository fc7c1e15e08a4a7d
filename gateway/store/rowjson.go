package store

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/ledger"
)

// What a paid call keeps as JSON is written by hand, twice a call: the same bytes as
// encoding/json makes, without looking at types. A test compares the two.

// unquoted are the bytes that stand for themselves in a JSON string.
var unquoted = func() (t [256]bool) {
	for c := ' '; c <= '~'; c++ {
		t[c] = !strings.ContainsRune(`"\<>&`, c)
	}
	return t
}()

// appendString writes a text as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if !unquoted[s[i]] {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic(err) // strings always marshal
			}
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// appendHold writes a [holdRow].
func appendHold(b []byte, h ledger.Hold) []byte {
	b = strconv.AppendInt(append(b, `{"prompt":`...), int64(h.Prompt), 10)
	if h.Unpriced {
		b = append(b, `,"unpriced":true`...)
	}
	b = appendString(append(b, `,"version":`...), h.PriceVersion)
	b = appendFacts(append(b, `,"facts":`...), h.Facts)
	b = appendClaims(append(b, `,"claims":`...), h.Claims)
	if h.Once != nil {
		b = appendString(append(b, `,"once":{"token":`...), h.Once.Token)
		b = append(appendString(append(b, `,"body":`...), h.Once.Body), '}')
	}
	return append(b, '}')
}

// appendFacts writes a [factsRow].
func appendFacts(b []byte, f ledger.Facts) []byte {
	b = append(b, '{')
	for _, p := range [...]struct{ name, value string }{
		{`"RequestID":`, f.RequestID}, {`"KeyID":`, f.KeyID}, {`"UserID":`, f.UserID}, {`"TeamID":`, f.TeamID}, {`"OrgID":`, f.OrgID}, {`"EndUser":`, f.EndUser},
		{`"Operation":`, f.Operation}, {`"Model":`, f.Model}, {`"Deployment":`, f.Deployment},
	} {
		if p.value != "" {
			b = append(appendString(append(b, p.name...), p.value), ',')
		}
	}
	if len(f.Tags) > 0 {
		b = append(appendStrings(append(b, `"Tags":`...), f.Tags), ',')
	}
	if f.Stream {
		return append(b, `"Stream":true}`...)
	}
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, '}')
}

// appendClaims writes a list of [claimRow].
func appendClaims(b []byte, claims []ledger.Claim) []byte {
	b = append(b, '[')
	for i, c := range claims {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"budget":`...), c.Counter.Budget)
		b = appendString(append(b, `,"scope":`...), string(c.Counter.Account.Kind))
		b = appendString(append(b, `,"account":`...), c.Counter.Account.ID)
		b = append(strconv.AppendInt(append(b, `,"start":`...), micros(c.Counter.Start), 10), '}')
	}
	return append(b, ']')
}

// metersByName are all meters in the order of their names, as the keys of a map stand.
var metersByName = func() []accounting.Meter {
	all := accounting.Meters()
	slices.SortFunc(all, func(a, b accounting.Meter) int {
		if a.String() < b.String() {
			return -1
		}
		return 1
	})
	return all
}()

// appendUsage writes the counts that are not zero, by the names of their meters.
func appendUsage(b []byte, u accounting.Usage) []byte {
	b = append(b, '{')
	for _, m := range metersByName {
		if u[m] == 0 {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(appendString(b, m.String()), ':'), u[m], 10)
	}
	return append(b, '}')
}

// appendLines writes a list of [lineRow].
func appendLines(b []byte, lines []accounting.Line) []byte {
	b = append(b, '[')
	for i, l := range lines {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"meter":`...), l.Meter.String())
		b = strconv.AppendInt(append(b, `,"count":`...), l.Count, 10)
		b = append(strconv.AppendInt(append(b, `,"rate":`...), int64(l.Rate), 10), '}')
	}
	return append(b, ']')
}

// appendStrings writes a list of texts.
func appendStrings(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, text)
	}
	return append(b, ']')
}

// appendTags writes the tags of a call as they are kept: nothing, if there are none.
func appendTags(b []byte, tags []string) []byte {
	for i, tag := range tags {
		b = appendString(append(b, "[,"[min(i, 1)]), clean(tag))
	}
	if len(tags) > 0 {
		b = append(b, ']')
	}
	return b
}

// readTags reads them back.
func readTags(text string) (tags []string, err error) {
	if text != "" {
		err = fromJSON(text, &tags)
	}
	return tags, err
}
