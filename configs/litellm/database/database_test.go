package database

import (
	"context"
	"errors"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tollgate/gateway/store/storetest"
)

// loaded makes a database with what LiteLLM left in its own, and runs some statements on
// it.
func loaded(t *testing.T, statements ...string) string {
	t.Helper()
	u := storetest.Database(t)
	dump, err := os.ReadFile("../testdata/database/litellm-1.108.7.sql")
	if err != nil {
		t.Fatal(err)
	}
	run(t, u, append([]string{string(dump), "set search_path to public"}, statements...)...)
	return u
}

func run(t *testing.T, u string, statements ...string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, u)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := conn.PgConn().Exec(ctx, s).ReadAll(); err != nil {
			t.Fatalf("%.200s: %v", s, err)
		}
	}
	if err := conn.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, u string) *Reader {
	t.Helper()
	r, err := Open(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func ids(t *testing.T, r *Reader, table Table) []string {
	t.Helper()
	var out []string
	if err := r.Each(context.Background(), table, func(row Row) error { out = append(out, row.ID); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestReadsWhatLiteLLMLeft reads the tables of a database that the real LiteLLM made.
func TestReadsWhatLiteLLMLeft(t *testing.T) {
	t.Parallel()
	r := open(t, loaded(t))
	for table, want := range map[Table]int{Keys: 32, Users: 10, Teams: 5, Members: 10, Orgs: 0, EndUsers: 9, Budgets: 10, Tags: 2, TeamAliases: 1, Models: 2, Credentials: 1, AccessGroups: 1, Settings: 2, OldKeys: 0} {
		if got := ids(t, r, table); len(got) != want {
			t.Errorf("%s: %d rows, want %d", table, len(got), want)
		}
	}
	if got := ids(t, r, Members); !slices.Contains(got, "none-such/red") {
		t.Errorf("%v", got)
	}
	ctx := context.Background()
	found := false
	if err := r.Each(ctx, Keys, func(row Row) error {
		if row.Value.Get("key_alias").Str == "caller" {
			found = true
			if spend := row.Value.Get("spend").Raw; spend != "0.0006100000000000001" {
				t.Errorf("spend %s", spend)
			}
			if m := row.Value.Get("models"); !m.IsArray() || row.Value.Get("metadata.app").Str != "beside" || row.Value.Get("expires").Raw != "null" {
				t.Error(row.Value.Raw)
			}
		}
		return nil
	}); err != nil || !found {
		t.Fatal(err, found)
	}
	strange, err := r.Strange(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range strange {
		if !s.Known {
			t.Errorf("%+v is of 1.108.7", s)
		}
	}
	if len(strange) != 1 || strange[0].Table != "LiteLLM_InvitationLink" {
		t.Errorf("%+v", strange)
	}
	_, err = r.tx.Exec(ctx, `delete from public."LiteLLM_VerificationToken"`)
	if own := new(pgconn.PgError); !errors.As(err, &own) || own.Code != "25006" {
		t.Errorf("a reading can write: %v", err)
	}
}

// TestOtherVersions: columns come and go with LiteLLM's versions.
func TestOtherVersions(t *testing.T) {
	t.Parallel()
	u := loaded(t, `alter table "LiteLLM_VerificationToken" drop column key_alias cascade`,
		`alter table "LiteLLM_VerificationToken" add column weekly_budget float8, add column flavour text`,
		`drop table "LiteLLM_BudgetWindowSpend"`,
		`create table "LiteLLM_WalletTable" (id text primary key, credit_limit float8)`, `insert into "LiteLLM_WalletTable" values ('a', 1)`,
		`create table "LiteLLM_EmptyTable" (id text primary key)`, `create table mine (budget float8)`, `insert into mine values (1)`)
	r := open(t, u)
	if n := len(ids(t, r, Keys)); n != 32 {
		t.Errorf("%d keys", n)
	}
	if n := len(ids(t, r, BudgetWindows)); n != 0 || r.Has(BudgetWindows, "") || r.Has(Keys, "key_alias") || !r.Has(Keys, "token") {
		t.Errorf("%d", n)
	}
	strange, err := r.Strange(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []Strange{{Table: Keys, Column: "weekly_budget", Money: true}, {Table: Keys, Column: "flavour"},
		{Table: "LiteLLM_InvitationLink", Known: true, Why: "invitations to the pages"}, {Table: "LiteLLM_WalletTable", Money: true}}
	if !slices.Equal(strange, want) {
		t.Errorf("%+v", strange)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}

	run(t, u, `alter table public."LiteLLM_UserTable" drop column spend`)
	if _, err := Open(context.Background(), u); err == nil || !strings.Contains(err.Error(), "LiteLLM_UserTable has no column spend") {
		t.Errorf("%v", err)
	}
}

func TestOtherDatabases(t *testing.T) {
	t.Parallel()
	u := storetest.Database(t)
	ctx := context.Background()
	if _, err := Open(ctx, u); !errors.Is(err, ErrNotLiteLLM) {
		t.Errorf("an empty database: %v", err)
	}
	run(t, u, `create schema litellm`, `create table litellm."LiteLLM_VerificationToken" (token text primary key, spend float8, models text[], max_budget float8, blocked bool, expires timestamp, user_id text, team_id text, metadata jsonb)`,
		`insert into litellm."LiteLLM_VerificationToken" (token, metadata) values ('short', '{}'), ('long', jsonb_build_object('x', repeat('y', 1100000)))`)
	with, err := url.Parse(u)
	if err != nil {
		t.Fatal(err)
	}
	q := with.Query()
	for name, v := range map[string]string{"schema": "litellm", "connection_limit": "5", "pgbouncer": "true", "pool_timeout": "60"} {
		q.Set(name, v)
	}
	with.RawQuery = q.Encode()
	r := open(t, with.String())
	var long []bool
	if err := r.Each(ctx, Keys, func(row Row) error { long = append(long, !row.Value.Exists()); return nil }); err != nil || !slices.Equal(long, []bool{true, false}) {
		t.Errorf("%v %v", long, err)
	}
	for _, text := range []string{"", "mysql://u:hunter2@h/d", "postgres://", "/var/lib/x", "postgres://u:hunter2@127.0.0.1:1/d", "postgres://u:hunter2@127.0.0.1:1/d?sslmode=maybe", "postgres://u:hunter2@127.0.0.1:x/d"} {
		r, err := Open(ctx, text)
		if err == nil {
			t.Errorf("%q: opened", text)
			_ = r.Close()
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password is in: %v", err)
		}
	}
}

// TestManyKeysAtOnce reads twenty thousand keys, and keeps none of them.
func TestManyKeysAtOnce(t *testing.T) {
	t.Parallel()
	const keys = 20_000
	r := open(t, loaded(t, `insert into "LiteLLM_VerificationToken" (token, key_name, metadata)
		select encode(sha256(('k' || i)::bytea), 'hex'), 'sk-...abcd', jsonb_build_object('note', repeat('x', 4000)) from generate_series(1, 20000) i`))
	var at, most runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&at)
	n := 0
	if err := r.Each(context.Background(), Keys, func(row Row) error {
		if n++; n%2000 == 0 {
			runtime.GC()
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			if now.HeapAlloc > most.HeapAlloc {
				most = now
			}
		}
		return nil
	}); err != nil || n != keys+32 {
		t.Fatal(n, err)
	}
	// Eighty megabytes went by. Other tests run beside this one.
	if grown := int64(most.HeapAlloc) - int64(at.HeapAlloc); grown > 32<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}
