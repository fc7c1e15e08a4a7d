package main

import (
	"context"
	"errors"
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
	text, from, err := secretOutside("TOLLGATE_SECRETS_KEY")
	refused := func(err error) ([]byte, []configs.Problem) {
		return nil, []configs.Problem{{Path: from, Message: err.Error()}}
	}
	if err != nil {
		return refused(err)
	}
	if text == "" {
		return nil, nil
	}
	if _, err := vault.New([]byte(text)); err != nil {
		return refused(err)
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
