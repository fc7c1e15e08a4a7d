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
	given, problems := secretsKey()
	if len(problems) > 0 {
		return nil, problemsError("", problems)
	}
	if given == nil {
		return vault.New(own)
	}
	return vault.New(given, own)
}

// secretsKey is the key that the environment sets, or nil, and what a start refuses of it.
func secretsKey() ([]byte, []configs.Problem) {
	text := strings.TrimSpace(os.Getenv("TOLLGATE_SECRETS_KEY")) // so that it may move into a file
	from := "TOLLGATE_SECRETS_KEY"
	refused := func(format string, args ...any) ([]byte, []configs.Problem) {
		return nil, []configs.Problem{{Path: from, Message: fmt.Sprintf(format, args...)}}
	}
	if path := os.Getenv("TOLLGATE_SECRETS_KEY_FILE"); text == "" && path != "" {
		from += "_FILE"
		b, err := os.ReadFile(path)
		if err != nil {
			return refused("%v", cannotRead(path, err))
		}
		if text = strings.TrimSpace(string(b)); text == "" {
			return refused("%s is empty", filepath.Base(path))
		}
	}
	if text == "" {
		return nil, nil
	}
	if _, err := vault.New([]byte(text)); err != nil {
		return refused("%v", err)
	}
	return []byte(text), nil
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
