package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"tollgate/gateway/limits"
	"tollgate/gateway/limits/limitstest"
)

// limitsDatabase makes a database with the schema of the books.
func limitsDatabase(t *testing.T) (url string, db *sql.DB) {
	t.Helper()
	d := postgresDatabase(t)
	open(t, d)
	db, err := sql.Open("pgx", d.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return d.URL, db
}

func TestPostgresLimitsContract(t *testing.T) {
	url, db := limitsDatabase(t)
	limitstest.Run(t, limitstest.Server{
		Open: func(t *testing.T) limits.Backend {
			// The suite's own patience, not the limiter's: this machine may be busy.
			c, err := sql.Open("pgx", url)
			if err != nil {
				t.Fatal(err)
			}
			c.SetMaxOpenConns(limits.InFlight)
			return &PostgresLimits{c}
		},
		Expire: func(t *testing.T) {
			if _, err := db.Exec("update rate_slots set lease_ends = 1"); err != nil {
				t.Fatal(err)
			}
		},
		Later: func(t *testing.T, d time.Duration) {
			if _, err := db.Exec("update rate_buckets set at = at + $1 where at > 0", d.Microseconds()); err != nil {
				t.Fatal(err)
			}
		},
		Count: func(t *testing.T) (n int) {
			if err := db.QueryRow("select (select count(*) from rate_buckets) + (select count(*) from rate_slots where lease_ends > 1 and slot like 'f%')").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		},
	})
}

// TestPostgresLimitsAreNotLogged: a burst of requests costs the server's disk nothing.
func TestPostgresLimitsAreNotLogged(t *testing.T) {
	_, db := limitsDatabase(t)
	var n int
	if err := db.QueryRow("select count(*) from pg_class where relname in ('rate_buckets', 'rate_slots') and relpersistence = 'u'").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d tables are unlogged, %v", n, err)
	}
}

func TestPostgresLimitsAddresses(t *testing.T) {
	for _, url := range []string{"http://u:secret@h", "postgres://u:secret@h:port/d"} {
		if _, err := OpenPostgresLimits(url); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
	s, err := OpenPostgresLimits("postgres://u@127.0.0.1:1/d")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := s.Take(ctx, []limits.Ask{{Limit: 1, Units: 1}}, ""); err == nil || ctx.Err() != nil {
		t.Errorf("nobody is there: %v", err)
	}
}
