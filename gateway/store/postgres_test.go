package store

import (
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// TestSessionsOfPostgres: what the books rely on holds whatever the database's own
// settings are.
func TestSessionsOfPostgres(t *testing.T) {
	d := postgresDatabase(t)
	db := outside(t, d)
	for _, text := range []string{"default_transaction_isolation = 'serializable'", "statement_timeout = 0", "lock_timeout = 0", "timezone = 'Asia/Kolkata'", "synchronous_commit = off"} {
		if _, err := db.Exec("do $$ begin execute format('alter database %I set " + strings.ReplaceAll(text, "'", "''") + "', current_database()); end $$"); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, d)
	for name, want := range map[string]string{"transaction_isolation": "read committed", "statement_timeout": "2s", "lock_timeout": "1s", "idle_in_transaction_session_timeout": "10s", "timezone": "UTC", "synchronous_commit": "on"} {
		var got string
		if err := s.write.Raw("show " + name).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", name, got, want, err)
		}
	}
	if err := s.read.Exec("delete from users").Error; err == nil {
		t.Error("the reading pool can write")
	}
}

// TestAPoolerIsTold: what is between tollgate and PostgreSQL and does not hand on what a
// connection asks for is refused when the program starts, with what to do about it.
func TestAPoolerIsTold(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			client := pgproto3.NewBackend(conn, conn)
			if _, err := client.ReceiveStartupMessage(); err == nil {
				client.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: idle_in_transaction_session_timeout"})
				_ = client.Flush()
			}
			_ = conn.Close()
		}
	}()
	_, err = Open(t.Context(), Postgres("postgres://tollgate@"+ln.Addr().String()+"/tollgate?sslmode=disable"), Options{Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "unsupported startup parameter") || !strings.Contains(err.Error(), pooled) {
		t.Errorf("one that refuses: %v", err)
	}
	// One that lets everything fall is like a connection that asks for nothing.
	if err := direct(t.Context(), outside(t, postgresDatabase(t))); err == nil || err.Error() != pooled {
		t.Errorf("one that lets it fall: %v", err)
	}
}

// TestPasswordsInErrors: no error of a database's address tells its password, and a short
// password takes nothing else out of it.
func TestPasswordsInErrors(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := nobody.Addr().String()
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"postgres://user:e@" + at + "/db", "postgres://user:%65@" + at + "/db", "postgres://user@" + at + "/db?password=e"} {
		_, err := Open(t.Context(), Database{Driver: "postgres", URL: at}, Options{Log: slog.New(slog.DiscardHandler)})
		if err == nil {
			t.Fatal("nobody listens there")
		}
		for _, want := range []string{"failed to connect", "user=user database=db", "connection refused", "is PostgreSQL running there"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s lacks %q", err, want)
			}
		}
	}
	for _, c := range []struct{ url, said, want string }{
		{"postgres://user:e@host/db", "cannot parse postgres://user:e@host/db: there", "cannot parse [redacted]: there"},
		{"postgres://user:e@host/db", "user:e@other failed", "user:[redacted]@other failed"},
		{"postgres://user:canary-4711@host/db", "sent canary-4711 there", "sent [redacted] there"},
		{"postgres://user:canary%2B4711@host/db", "sent canary%2B4711 or canary+4711", "sent [redacted] or [redacted]"},
		{"postgres://user@host/db?password=e&x=1", "of user@host/db?password=e", "of user@host/db?password=[redacted]"},
	} {
		if got := hideURL(errors.New(c.said), c.url).Error(); got != c.want {
			t.Errorf("%q of %s became %q, want %q", c.said, c.url, got, c.want)
		}
	}
}
