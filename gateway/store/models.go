package store

import (
	"context"
	"encoding/json"
	"errors"

	"tollgate/gateway/catalog"
	"tollgate/gateway/control"
)

type deploymentRow struct {
	ID           string
	Name         string
	Declaration  string
	CredentialID *string
	Secrets      string
	Sealed       string
	CreatedAt    int64
}

type credentialRow struct {
	ID        string
	Urls      string
	Secrets   string
	Sealed    string
	CreatedAt int64
}

// groupRow is a group of models.
type groupRow struct {
	ID        string
	Name      string
	Models    string
	CreatedAt int64
}

type fallbackRow struct {
	ID        string
	Model     string
	InCase    string
	Models    string
	CreatedAt int64
}

// Deployments implements [control.Store].
func (s *Store) Deployments(ctx context.Context) ([]control.StoredDeployment, error) {
	return list(ctx, s.read, "deployments", "id", func(r deploymentRow) (control.StoredDeployment, error) {
		d := control.Deployment{ID: r.ID, Name: r.Name, Declaration: json.RawMessage(r.Declaration), Credential: orEmpty(r.CredentialID), Created: instant(r.CreatedAt)}
		err := fromJSON(r.Secrets, &d.Secrets)
		if !json.Valid(d.Declaration) {
			err = errors.Join(err, errors.New("a declaration is no valid JSON"))
		}
		return control.StoredDeployment{Deployment: d, Sealed: r.Sealed}, err
	})
}

// Credentials implements [control.Store].
func (s *Store) Credentials(ctx context.Context) ([]control.StoredCredential, error) {
	return list(ctx, s.read, "credentials", "id", func(r credentialRow) (control.StoredCredential, error) {
		v := control.StoredCredential{Credential: control.Credential{ID: r.ID, Created: instant(r.CreatedAt)}, Sealed: r.Sealed}
		return v, errors.Join(fromJSON(r.Urls, &v.URLs), fromJSON(r.Secrets, &v.Secrets))
	})
}

// Groups implements [control.Store].
func (s *Store) Groups(ctx context.Context) ([]control.Group, error) {
	return list(ctx, s.read, "model_groups", "id", func(r groupRow) (control.Group, error) {
		g := control.Group{ID: r.ID, Name: r.Name, Created: instant(r.CreatedAt)}
		return g, fromJSON(r.Models, &g.Models)
	})
}

// Fallbacks implements [control.Store].
func (s *Store) Fallbacks(ctx context.Context) ([]control.Fallback, error) {
	return list(ctx, s.read, "fallbacks", "id", func(r fallbackRow) (control.Fallback, error) {
		f := control.Fallback{ID: r.ID, Model: r.Model, When: catalog.When(r.InCase), Created: instant(r.CreatedAt)}
		return f, fromJSON(r.Models, &f.To)
	})
}
