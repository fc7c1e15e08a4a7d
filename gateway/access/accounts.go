package access

import (
	"maps"
	"slices"
	"sync"
)

// FillUser is FillKey for a user.
func (d *Directory) FillUser(u *User) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendUser(all.record[:0], u)
	all.users.fill(all.record)
}

// PutUser adds or replaces a user.
func (d *Directory) PutUser(u User) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendUser(all.record[:0], &u)
	all.users.put(all.record)
}

// DropUser removes a user.
func (d *Directory) DropUser(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.users.drop(id)
}

// User returns a user, or nil.
func (d *Directory) User(id string) *User { return d.now().users.get(id, readUser) }

// UserIDs lists the ids of all users, in no order.
func (d *Directory) UserIDs() []string { return d.now().users.ids() }

// FillEndUser is FillKey for an end user.
func (d *Directory) FillEndUser(u *EndUser) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendEndUser(all.record[:0], u)
	all.others.fill(all.record)
}

// PutEndUser adds or replaces an end user.
func (d *Directory) PutEndUser(u EndUser) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendEndUser(all.record[:0], &u)
	all.others.put(all.record)
}

// DropEndUser removes an end user.
func (d *Directory) DropEndUser(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.others.drop(id)
}

// EndUser returns an end user of whom something is known, or nil.
func (d *Directory) EndUser(id string) *EndUser { return d.now().others.get(id, readEndUser) }

// FillTag is FillKey for a tag.
func (d *Directory) FillTag(t *Tag) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendTag(all.record[:0], t)
	all.tags.fill(all.record)
}

// PutTag adds or replaces a tag.
func (d *Directory) PutTag(t Tag) {
	all := d.change()
	defer d.mu.Unlock()
	all.record = appendTag(all.record[:0], &t)
	all.tags.put(all.record)
}

// DropTag removes a tag.
func (d *Directory) DropTag(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.tags.drop(id)
}

// Tag returns a tag of which something is known, or nil.
func (d *Directory) Tag(id string) *Tag { return d.now().tags.get(id, readTag) }

// PutTeam adds or replaces a team.
func (d *Directory) PutTeam(t Team) {
	t.Models, t.Members = slices.Clone(t.Models), slices.Clone(t.Members)
	t.Admins, t.Aliases, t.Tags = slices.Clone(t.Admins), maps.Clone(t.Aliases), slices.Clone(t.Tags)
	slices.Sort(t.Members) // a database may have another order of texts
	slices.Sort(t.Admins)
	all := d.change()
	defer d.mu.Unlock()
	all.teams.Store(t.ID, &t)
}

// DropTeam removes a team.
func (d *Directory) DropTeam(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.teams.Delete(id)
}

// Team returns a team, or nil.
func (d *Directory) Team(id string) *Team { return d.now().team(id) }

func (e *everybody) team(id string) *Team { return loaded[Team](&e.teams, id) }

// TeamIDs lists the ids of all teams, in no order.
func (d *Directory) TeamIDs() []string { return idsOf(&d.now().teams) }

// PutOrg adds or replaces an organization.
func (d *Directory) PutOrg(o Organization) {
	o.Models, o.Members, o.Admins = slices.Clone(o.Models), slices.Clone(o.Members), slices.Clone(o.Admins)
	slices.Sort(o.Members)
	slices.Sort(o.Admins)
	all := d.change()
	defer d.mu.Unlock()
	all.orgs.Store(o.ID, &o)
}

// DropOrg removes an organization.
func (d *Directory) DropOrg(id string) {
	all := d.change()
	defer d.mu.Unlock()
	all.orgs.Delete(id)
}

// Org returns an organization, or nil.
func (d *Directory) Org(id string) *Organization { return d.now().org(id) }

func (e *everybody) org(id string) *Organization { return loaded[Organization](&e.orgs, id) }

// OrgIDs lists the ids of all organizations, in no order.
func (d *Directory) OrgIDs() []string { return idsOf(&d.now().orgs) }

// loaded returns a thing by its id, or nil. Nobody has the id "", which keys without a team
// or an organization ask for.
func loaded[T any](all *sync.Map, id string) *T {
	if id == "" {
		return nil
	}
	if v, ok := all.Load(id); ok {
		return v.(*T)
	}
	return nil
}

func idsOf(all *sync.Map) (ids []string) {
	all.Range(func(id, _ any) bool { ids = append(ids, id.(string)); return true })
	return ids
}
