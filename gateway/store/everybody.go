package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
)

// A server reads everybody when it starts. What a row costs then is mostly its columns,
// one by one through the driver, so each row comes as one text, with unit between its
// columns. With SQLite each step of a statement costs half as much again, so many rows
// come as one text, with record between them. No column holds either: ids and names are
// checked, and JSON escapes them.
const (
	unit   = "\x1f"
	record = "\x1e"
	atOnce = 256 // rows of one text: some 40 KB, and 400 MB if all of them are as long as can be
)

// rowText is what is selected of a table for the text of a row, with the id first.
type rowText struct{ table, text string }

// plain stands in place of all the columns of what few keys have, where a key has none of
// it. They come early, so that no text behind them is taken for one of them.
const plain = "-"

var (
	allTags     = rowText{"tags", `concat_ws('` + unit + `', id, case when blocked then 1 else 0 end, created_at, description)`}
	allEndUsers = rowText{"end_users", `concat_ws('` + unit + `', id, case when blocked then 1 else 0 end, created_at, name)`}
	allUsers    = rowText{"users", `concat_ws('` + unit + `', id, case when blocked then 1 else 0 end, created_at, name, email, models, role)`}
	allKeys     = rowText{"keys", `concat_ws('` + unit + `', id, case
			when own_form and not blocked and not end_users and not call_tags and expires_at is null and budget_fallback = '[]' and metadata = '{}'
				and org_id is null and aliases = '{}' and former_digest is null and routes = '[]' and tags = '[]' then '` + plain + `'
			else concat_ws('` + unit + `', case when own_form then '0' else '1' end, case when blocked then '1' else '0' end, case when end_users then '1' else '0' end,
				case when call_tags then '1' else '0' end, coalesce(expires_at, 0), budget_fallback, metadata, coalesce(org_id, ''), aliases,
				coalesce(former_digest, ''), coalesce(former_until, 0), routes, tags)
		end, created_at, digest, hint, role, coalesce(user_id, ''), coalesce(team_id, ''), name, models)`}
)

// each selects the texts of all rows, one by one.
func (r rowText) each() string { return "select " + r.text + " from " + r.table }

// pages selects the texts of all rows of a table of SQLite, atOnce as one: from each row
// that is first it looks for the one that many behind.
func (r rowText) pages() string {
	return fmt.Sprintf(`with recursive page (first) as (
			select min(rowid) from %[1]s
			union all select (select rowid from %[1]s where rowid >= first order by rowid limit 1 offset %[3]d) from page where first is not null)
		select (select string_agg(text, '%[4]s') from (select %[2]s as text from %[1]s where rowid >= first order by rowid limit %[3]d))
			from page where first is not null`, r.table, r.text, atOnce, record)
}

// EachUser implements [control.Store].
func (s *Store) EachUser(ctx context.Context, put func(access.User)) error {
	var models alike[[]string]
	return s.eachText(ctx, allUsers, func(r *textRow) error {
		row := userRow{ID: r.id, Blocked: r.flag(), CreatedAt: r.number(), Name: r.text(), Email: r.text(), Models: r.text(), Role: r.text()}
		u, err := readUserAlike(row, &models)
		if err = r.end(err); err == nil {
			put(u)
		}
		return err
	})
}

// EachEndUser implements [control.Store].
func (s *Store) EachEndUser(ctx context.Context, put func(access.EndUser)) error {
	return s.eachText(ctx, allEndUsers, func(r *textRow) error {
		u, err := readEndUser(endUserRow{ID: r.id, Blocked: r.flag(), CreatedAt: r.number(), Name: r.text()})
		if err = r.end(err); err == nil {
			put(u)
		}
		return err
	})
}

// EachTag implements [control.Store].
func (s *Store) EachTag(ctx context.Context, put func(access.Tag)) error {
	return s.eachText(ctx, allTags, func(r *textRow) error {
		t, err := readTag(tagRow{ID: r.id, Blocked: r.flag(), CreatedAt: r.number(), Description: r.text()})
		if err = r.end(err); err == nil {
			put(t)
		}
		return err
	})
}

// EachKey implements [control.Store].
func (s *Store) EachKey(ctx context.Context, put func(control.StoredKey)) error {
	var (
		last                    keyLists
		user, team, org, former string // what the row points to
		expires, until          int64
	)
	return s.eachText(ctx, allKeys, func(r *textRow) error {
		row := keyRow{ID: r.id, UserID: &user, TeamID: &team, OwnForm: true, BudgetFallback: "[]", Metadata: "{}", Aliases: "{}", Routes: "[]", Tags: "[]"}
		if first := r.text(); first != plain {
			row.OwnForm, row.Blocked, row.EndUsers, row.CallTags = first == "0", r.flag(), r.flag(), r.flag()
			if expires = r.number(); expires != 0 {
				row.ExpiresAt = &expires
			}
			row.BudgetFallback, row.Metadata = r.text(), r.text()
			org, row.OrgID = r.text(), &org
			row.Aliases = r.text()
			if former, until = r.text(), r.number(); until != 0 {
				row.FormerDigest, row.FormerUntil = &former, &until
			}
			row.Routes, row.Tags = r.text(), r.text()
		}
		row.CreatedAt, row.Digest, row.Hint, row.Role = r.number(), r.text(), r.text(), r.text()
		user, team, row.Name, row.Models = r.text(), r.text(), r.text(), r.text()
		k, err := readKeyAlike(row, &last)
		if err = r.end(err); err == nil {
			put(k)
		}
		return err
	})
}

// textRow is a row that comes as one text, read from its first column to its last. What is wrong
// with it end says.
type textRow struct {
	id   string
	rest string
	left bool // there is another one, which may be empty
	err  error
}

// rowOf begins with the id.
func rowOf(text string) textRow {
	r := textRow{rest: text, left: true}
	r.id = r.text()
	return r
}

func (r *textRow) text() string {
	at := strings.IndexByte(r.rest, unit[0])
	if at < 0 {
		if !r.left {
			r.err = errFewColumns
		}
		text := r.rest
		r.rest, r.left = "", false
		return text
	}
	text := r.rest[:at]
	r.rest = r.rest[at+1:]
	return text
}

func (r *textRow) flag() bool { return r.text() == "1" }

func (r *textRow) number() int64 {
	n, err := strconv.ParseInt(r.text(), 10, 64)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n
}

var (
	errFewColumns  = errors.New("it has too few columns")
	errManyColumns = errors.New("it holds a control character: remove it from its name")
)

// end says what is wrong with a row, of which err is known already.
func (r *textRow) end(err error) error {
	switch {
	case r.left:
		return errManyColumns
	case r.err != nil:
		return r.err
	}
	return err
}

// eachText reads all rows of a table as texts.
func (s *Store) eachText(ctx context.Context, all rowText, each func(*textRow) error) error {
	ctx, cancel := reading(ctx)
	defer cancel()
	query := all.pages()
	if s.Shared() {
		query = all.each()
	}
	rows, err := s.read.WithContext(ctx).Raw(query).Rows()
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	var (
		texts string
		r     textRow
	)
	for rows.Next() {
		if err := rows.Scan(&texts); err != nil {
			return unavailable(err)
		}
		for text := range strings.SplitSeq(texts, record) {
			r = rowOf(text)
			if err := each(&r); err != nil {
				return fmt.Errorf("the row of %q: %w", r.id, err)
			}
		}
	}
	if err := rows.Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
