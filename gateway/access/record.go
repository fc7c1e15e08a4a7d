package access

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"
)

// A record begins with its flags; a key's digest and the id follow, where the indexes
// look for them. A text has its length before it, a list the number of its texts.
const (
	flagKey      = 1 << iota // a key, which has a digest
	flagBlocked              // of a key or a user
	flagForeign              // the key has another form than NewKey gives
	flagEndUsers             // see Key.EndUsers
	flagExpires              // the key expires
	flagCreated              // it is known when the thing was made
	flagMore                 // the key has lists, maps or something else that few have
	flagCallTags             // see Key.CallTags
)

// The flags of a user that a key has others for.
const (
	flagViewer      = flagForeign
	flagManager     = flagEndUsers
	flagSelfService = flagExpires
)

// appendKey appends the record of a key.
func appendKey(b []byte, k *Key, foreign bool) []byte {
	more := len(k.Models)+len(k.BudgetFallback)+len(k.Metadata)+len(k.Aliases)+len(k.Routes)+len(k.Tags) > 0 || k.OrgID != "" || !k.FormerUntil.IsZero()
	b = append(b, flagKey|flag(k.Blocked, flagBlocked)|flag(foreign, flagForeign)|flag(k.EndUsers, flagEndUsers)|
		flag(!k.Expires.IsZero(), flagExpires)|flag(!k.Created.IsZero(), flagCreated)|flag(more, flagMore)|flag(k.CallTags, flagCallTags))
	b = append(b, k.Digest[:]...)
	for _, text := range [...]string{k.ID, string(k.Role), k.UserID, k.TeamID, k.Name, k.Hint} {
		b = appendText(b, text)
	}
	b = appendTime(appendTime(b, k.Expires), k.Created)
	if !more {
		return b
	}
	b = appendTexts(appendTexts(b, k.Models), k.BudgetFallback)
	b = appendMap(appendMap(b, k.Metadata), k.Aliases)
	b = appendTexts(appendTexts(appendText(b, k.OrgID), k.Routes), k.Tags)
	if k.FormerUntil.IsZero() {
		return appendText(b, "")
	}
	return appendTime(appendText(b, string(k.Former[:])), k.FormerUntil)
}

func readKey(record string) *Key {
	flags, r := record[0], reader(record[1+len(Digest{}):])
	k := &Key{Digest: Digest([]byte(record[1 : 1+len(Digest{})])), Blocked: flags&flagBlocked != 0, EndUsers: flags&flagEndUsers != 0,
		CallTags: flags&flagCallTags != 0, foreign: flags&flagForeign != 0, Models: []string{}, BudgetFallback: []string{}, Tags: []string{}}
	k.ID, k.Role, k.UserID, k.TeamID, k.Name, k.Hint = r.text(), Role(r.text()), r.text(), r.text(), r.text(), r.text()
	if flags&flagExpires != 0 {
		k.Expires = r.time()
	}
	if flags&flagCreated != 0 {
		k.Created = r.time()
	}
	if flags&flagMore == 0 {
		return k
	}
	k.Models, k.BudgetFallback = r.texts(), r.texts()
	k.Metadata, k.Aliases = r.dictionary(), r.dictionary()
	k.OrgID, k.Routes, k.Tags = r.text(), r.texts(), r.texts()
	if former := r.text(); former != "" {
		k.Former, k.FormerUntil = Digest([]byte(former)), r.time()
	}
	return k
}

// appendUser appends the record of a user.
func appendUser(b []byte, u *User) []byte {
	b = append(b, flag(u.Blocked, flagBlocked)|flag(!u.Created.IsZero(), flagCreated)|flag(u.Role == Viewer, flagViewer)|
		flag(u.Role == Manager, flagManager)|flag(u.Role == SelfService, flagSelfService))
	for _, text := range [...]string{u.ID, u.Name, u.Email} {
		b = appendText(b, text)
	}
	return appendTexts(appendTime(b, u.Created), u.Models)
}

func readUser(record string) *User {
	flags, r := record[0], reader(record[1:])
	u := &User{Blocked: flags&flagBlocked != 0, Role: PlainUser}
	switch {
	case flags&flagViewer != 0:
		u.Role = Viewer
	case flags&flagManager != 0:
		u.Role = Manager
	case flags&flagSelfService != 0:
		u.Role = SelfService
	}
	u.ID, u.Name, u.Email = r.text(), r.text(), r.text()
	if flags&flagCreated != 0 {
		u.Created = r.time()
	}
	u.Models = r.texts()
	return u
}

// appendNamed appends the record of what is no more than an id, a text, when it was made and
// whether it is blocked: an end user, or a tag.
func appendNamed(b []byte, id, text string, created time.Time, blocked bool) []byte {
	b = append(b, flag(blocked, flagBlocked)|flag(!created.IsZero(), flagCreated))
	return appendTime(appendText(appendText(b, id), text), created)
}

func readNamed(record string) (id, text string, created time.Time, blocked bool) {
	flags, r := record[0], reader(record[1:])
	id, text = r.text(), r.text()
	if flags&flagCreated != 0 {
		created = r.time()
	}
	return id, text, created, flags&flagBlocked != 0
}

func appendEndUser(b []byte, u *EndUser) []byte {
	return appendNamed(b, u.ID, u.Name, u.Created, u.Blocked)
}

func readEndUser(record string) *EndUser {
	u := &EndUser{}
	u.ID, u.Name, u.Created, u.Blocked = readNamed(record)
	return u
}

func appendTag(b []byte, t *Tag) []byte {
	return appendNamed(b, t.ID, t.Description, t.Created, t.Blocked)
}

func readTag(record string) *Tag {
	t := &Tag{}
	t.ID, t.Description, t.Created, t.Blocked = readNamed(record)
	return t
}

func flag(set bool, f byte) byte {
	if set {
		return f
	}
	return 0
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendTexts(b []byte, texts []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(texts)))
	for _, text := range texts {
		b = appendText(b, text)
	}
	return b
}

// appendMap writes a map of texts in the order of its names.
func appendMap(b []byte, m map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(m)))
	if len(m) == 0 {
		return b
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		b = appendText(appendText(b, name), m[name])
	}
	return b
}

// appendTime writes an instant to the nanosecond, without its zone. The flags say of
// the zero one that it is none.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return binary.AppendUvarint(binary.AppendVarint(b, t.Unix()), uint64(t.Nanosecond()))
}

// cut returns the text at the beginning of b, and what follows it.
func cut(b []byte) (text, rest []byte) {
	n, width := binary.Uvarint(b)
	return b[width : width+int(n)], b[width+int(n):]
}

// reader reads what the functions above have written, and nothing else. Its texts are
// parts of the record that it was made of.
type reader string

func (r *reader) number() int {
	n, shift := 0, 0
	for i := 0; ; i++ {
		c := (*r)[i]
		n |= int(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			*r = (*r)[i+1:]
			return n
		}
	}
}

func (r *reader) text() string {
	n := r.number()
	text := string((*r)[:n])
	*r = (*r)[n:]
	return text
}

func (r *reader) texts() []string {
	texts := make([]string, r.number())
	for i := range texts {
		texts[i] = r.text()
	}
	return texts
}

// dictionary reads a map; an empty one is nil.
func (r *reader) dictionary() map[string]string {
	n := r.number()
	if n == 0 {
		return nil
	}
	m := make(map[string]string, n)
	for range n {
		name := r.text()
		m[name] = r.text()
	}
	return m
}

func (r *reader) time() time.Time {
	signed := uint64(r.number()) // zigzag, as binary.AppendVarint writes it
	seconds := int64(signed>>1) ^ -int64(signed&1)
	return time.Unix(seconds, int64(r.number())).UTC()
}
