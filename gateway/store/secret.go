package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// Secret returns a secret of the installation: random bytes that are made when they are
// first asked for and are the same for every process with this database. A backup holds
// it, so that what was sealed with it can be read after a restore.
func (s *Store) Secret(ctx context.Context, name string, size int) ([]byte, error) {
	text, err := s.secret(ctx, name)
	if err == nil {
		return secretBytes(text, name, size)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, unavailable(err)
	}
	err = s.apart(ctx, func(tx *gorm.DB) error {
		fresh := make([]byte, size)
		_, _ = rand.Read(fresh) // it never fails: it ends the program instead
		// Of processes that start together the first to commit makes it for all.
		if err := tx.Exec(`insert into meta (name, value) values (?, ?) on conflict (name) do nothing`, secretRow+name, hex.EncodeToString(fresh)).Error; err != nil {
			return err
		}
		text, err = readSecret(tx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return secretBytes(text, name, size)
}

// secret reads a secret that was made before.
func (s *Store) secret(ctx context.Context, name string) (text string, err error) {
	ctx, cancel := reading(ctx)
	defer cancel()
	return readSecret(s.read.WithContext(ctx), name)
}

// readSecret is [sql.ErrNoRows] if there is none. It asks for no single row of gorm's, which
// has no error and panics where the statement could not be prepared.
func readSecret(db *gorm.DB, name string) (text string, err error) {
	found := db.Raw(`select value from meta where name = ?`, secretRow+name).Scan(&text)
	if found.Error == nil && found.RowsAffected == 0 {
		return "", sql.ErrNoRows
	}
	return text, found.Error
}

func secretBytes(text, name string, size int) ([]byte, error) {
	secret, err := hex.DecodeString(text)
	if err != nil || len(secret) != size {
		return nil, fmt.Errorf("the secret %q in the table meta is not %d bytes in hexadecimal", name, size)
	}
	return secret, nil
}

// secretRow is how the rows of secrets begin.
const secretRow = "secret_"
