//go:build bench

package benchtest

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// database makes a database on a PostgreSQL server and removes it with the test.
func database(t *testing.T, server string) string {
	t.Helper()
	name := fmt.Sprintf("bench%d", rand.Uint64())
	admin := func(text string) {
		db, err := sql.Open("pgx", server)
		if err == nil {
			_, err = db.Exec(text)
			err = errors.Join(err, db.Close())
		}
		if err != nil {
			t.Error(err)
		}
	}
	admin("create database " + name)
	t.Cleanup(func() { admin("drop database " + name + " with (force)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
