package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tollgate/configs"
	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
	"tollgate/gateway/store"
	"tollgate/gateway/vault"
)

// openVault is what the secrets of models and credentials in the database are sealed
// with: the key that the environment names, so that a copy of the database alone is of no
// use; without one, the installation's own, which is in the database. What either has
// sealed can be read.
func openVault(ctx context.Context, s *store.Store) (*vault.Vault, error) {
	own, err := s.Secret(ctx, "vault", vault.MinKey)
	if err != nil {
		return nil, err
	}
	keys := [][]byte{own}
	text := strings.TrimSpace(os.Getenv("TOLLGATE_SECRETS_KEY")) // so that it may move into a file
	from := "TOLLGATE_SECRETS_KEY"
	if path := os.Getenv("TOLLGATE_SECRETS_KEY_FILE"); text == "" && path != "" {
		from += "_FILE"
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", from, err)
		}
		if text = strings.TrimSpace(string(b)); text == "" {
			return nil, fmt.Errorf("%s: %s is empty", from, filepath.Base(path))
		}
	}
	if text != "" {
		keys = [][]byte{[]byte(text), own}
	}
	v, err := vault.New(keys...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return v, nil
}

// readDeclaration reads the declaration of a deployment that the API made.
func readDeclaration(d control.Declaration) (catalog.Addition, error) {
	a, problems := configs.ReadDeployment(configs.Deployment{ID: d.ID, Name: d.Name, Path: d.Path, Text: d.Text, Secret: d.Secret}, kinds(), d.Prices)
	if len(problems) == 0 {
		return a, nil
	}
	all := make([]string, len(problems))
	for i, p := range problems {
		all[i] = p.String()
	}
	return a, errors.New(strings.Join(all, "\n"))
}
