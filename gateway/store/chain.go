package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"tollgate/accounting"
)

// chain is where the entries of one replica and month end.
type chain struct {
	entries int64
	head    string
	cost    accounting.Money
}

// chainRow is a chain as it goes on from where it was.
type chainRow struct {
	writer string
	month  int64
	was    chain
	chain
}

// monthOf is the month of an instant in UTC as year * 100 + month.
func monthOf(us int64) int64 {
	t := time.UnixMicro(us).UTC()
	return int64(t.Year())*100 + int64(t.Month())
}

// digest is the hash of an entry behind the one before it: of every column, each with
// its length, so that no two entries read alike.
func (r *entryRow) digest(before string) string {
	buf := make([]byte, 0, 2048)
	buf = appendSized(buf, before)
	for _, c := range entryColumns {
		if c.name == "hash" {
			continue
		}
		if c.later {
			// A row from before the column was there has the hash it had then.
			if text := *c.into(r).(*string); text != "" {
				buf = appendSized(appendSized(buf, c.name), text)
			}
			continue
		}
		switch v := c.into(r).(type) { // a pointer, which needs no memory of its own
		case *string:
			buf = appendSized(buf, *v)
		case *int64:
			buf = appendNumber(buf, *v)
		case *bool:
			buf = append(strconv.AppendBool(append(buf, 'b'), *v), ';')
		case **int64:
			if *v == nil {
				buf = append(buf, "n;"...)
			} else {
				buf = appendNumber(buf, **v)
			}
		case **string:
			if *v == nil {
				buf = append(buf, "n;"...)
			} else {
				buf = appendSized(buf, **v)
			}
		}
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])
}

func appendNumber(b []byte, n int64) []byte {
	return append(strconv.AppendInt(append(b, 'i'), n, 10), ';')
}

func appendSized(b []byte, s string) []byte {
	b = append(strconv.AppendInt(append(b, 's'), int64(len(s)), 10), ':')
	return append(append(b, s...), ';')
}

// less is the correction of an entry that was posted by guess: what is missing in it.
func (r *entryRow) less(was entryRow) (entryRow, error) {
	out := *r
	out.ID, out.Corrects = correction(r.ID), &was.ID
	out.Held = 0
	out.Input, out.Cached, out.Output, out.Reasoning = r.Input-was.Input, r.Cached-was.Cached, r.Output-was.Output, r.Reasoning-was.Reasoning
	if r.Cost != nil {
		out.posted = *r.Cost
		if was.Cost != nil {
			out.posted -= *was.Cost
		}
		out.Cost = &out.posted
	}
	var flags []string
	if err := fromJSON(r.Flags, &flags); err != nil {
		return out, err
	}
	b, err := json.Marshal(append(flags, "correction"))
	out.Flags = string(b)
	return out, err
}
