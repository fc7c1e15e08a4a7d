package storetest

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Database makes a database on the PostgreSQL server that .ci/services started, and
// returns its URL. It is dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	server := setting(t, "TOLLGATE_TEST_POSTGRES")
	name := fmt.Sprintf("t%d", rand.Uint64())
	admin := func(text string) error {
		db, err := sql.Open("pgx", server)
		if err != nil {
			return err
		}
		_, err = db.Exec(text)
		return errors.Join(err, db.Close())
	}
	if err := admin("create database " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := admin("drop database " + name + " with (force)")
		for until := time.Now().Add(20 * time.Second); err != nil && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
			err = admin("drop database " + name + " with (force)") // the server's own cleaning was in it
		}
		if err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Deadlocks counts the deadlocks that the server has found in a database.
func Deadlocks(t testing.TB, database string) int {
	t.Helper()
	log, err := os.ReadFile(setting(t, "TOLLGATE_TEST_POSTGRES_LOG"))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(log)) {
		if strings.Contains(line, "@"+strings.TrimPrefix(u.Path, "/")+" ") && strings.Contains(line, "deadlock detected") {
			n++
		}
	}
	return n
}

func setting(t testing.TB, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set: run the tests with make test, or under .ci/services run", name)
	}
	return v
}
