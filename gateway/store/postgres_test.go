package store

import (
	"strings"
	"testing"
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
