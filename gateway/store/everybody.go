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
// one by one through the driver, so each row comes as one text with this between its
// columns. None holds it: ids and names are checked, and JSON escapes it.
const unit = "\x1f"

const (
	userColumns    = 7
	keyColumns     = 19
	endUserColumns = 4
	tagColumns     = 4
	allTags        = `select concat_ws(cast(? as text), id, case when blocked then 1 else 0 end, created_at, description) from tags`
	allEndUsers    = `select concat_ws(cast(? as text), id, case when blocked then 1 else 0 end, created_at, name) from end_users`
	allUsers       = `select concat_ws(cast(? as text), id, name, email, case when blocked then 1 else 0 end, created_at, models, role) from users`
	allKeys        = `select concat_ws(cast(? as text), id, digest, hint, role, coalesce(user_id, ''), coalesce(team_id, ''),
		case when own_form then 0 else 1 end + case when blocked then 2 else 0 end + case when end_users then 4 else 0 end + case when call_tags then 8 else 0 end,
		coalesce(expires_at, 0), created_at, name, models, budget_fallback, metadata,
		coalesce(org_id, ''), aliases, coalesce(former_digest, ''), coalesce(former_until, 0), routes, tags) from keys`
)

// EachUser implements [control.Store].
func (s *Store) EachUser(ctx context.Context, put func(access.User)) error {
	return s.eachText(ctx, allUsers, userColumns, func(col []string) error {
		created, err := strconv.ParseInt(col[4], 10, 64)
		if err != nil {
			return err
		}
		u, err := readUser(userRow{ID: col[0], Name: col[1], Email: col[2], Blocked: col[3] == "1", CreatedAt: created, Models: col[5], Role: col[6]})
		if err == nil {
			put(u)
		}
		return err
	})
}

// EachEndUser implements [control.Store].
func (s *Store) EachEndUser(ctx context.Context, put func(access.EndUser)) error {
	return s.eachText(ctx, allEndUsers, endUserColumns, func(col []string) error {
		created, err := strconv.ParseInt(col[2], 10, 64)
		if err == nil {
			put(access.EndUser{ID: col[0], Name: col[3], Blocked: col[1] == "1", Created: instant(created)})
		}
		return err
	})
}

// EachTag implements [control.Store].
func (s *Store) EachTag(ctx context.Context, put func(access.Tag)) error {
	return s.eachText(ctx, allTags, tagColumns, func(col []string) error {
		created, err := strconv.ParseInt(col[2], 10, 64)
		if err == nil {
			put(access.Tag{ID: col[0], Description: col[3], Blocked: col[1] == "1", Created: instant(created)})
		}
		return err
	})
}

// EachKey implements [control.Store].
func (s *Store) EachKey(ctx context.Context, put func(control.StoredKey)) error {
	return s.eachText(ctx, allKeys, keyColumns, func(col []string) error {
		flags, err1 := strconv.ParseUint(col[6], 10, 8)
		expires, err2 := strconv.ParseInt(col[7], 10, 64)
		created, err3 := strconv.ParseInt(col[8], 10, 64)
		former, err4 := strconv.ParseInt(col[16], 10, 64)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return err
		}
		row := keyRow{ID: col[0], Digest: col[1], Hint: col[2], Role: col[3], UserID: &col[4], TeamID: &col[5], OwnForm: flags&1 == 0, Blocked: flags&2 != 0,
			EndUsers: flags&4 != 0, CallTags: flags&8 != 0, CreatedAt: created, Name: col[9], Models: col[10], BudgetFallback: col[11], Metadata: col[12], OrgID: &col[13], Aliases: col[14], Routes: col[17], Tags: col[18]}
		if expires != 0 {
			row.ExpiresAt = &expires
		}
		if former != 0 {
			row.FormerDigest, row.FormerUntil = &col[15], &former
		}
		k, err := readKey(row)
		if err == nil {
			put(k)
		}
		return err
	})
}

// eachText reads rows of one text, whose columns each call may keep.
func (s *Store) eachText(ctx context.Context, query string, columns int, each func([]string) error) error {
	ctx, cancel := reading(ctx)
	defer cancel()
	rows, err := s.read.WithContext(ctx).Raw(query, unit).Rows()
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	col := make([]string, columns) // the first is the id
	var row string
	for rows.Next() {
		if err := rows.Scan(&row); err != nil {
			return unavailable(err)
		}
		rest, more := row, true
		for i := range col {
			if !more {
				return fmt.Errorf("the row of %q has too few columns", col[0])
			}
			col[i], rest, more = strings.Cut(rest, unit)
		}
		if more {
			return fmt.Errorf("the row of %q holds a control character: remove it from its name", col[0])
		}
		if err := each(col); err != nil {
			return fmt.Errorf("the row of %q: %w", col[0], err)
		}
	}
	if err := rows.Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
