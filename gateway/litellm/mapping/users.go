package mapping

import (
	"slices"

	"tollgate/gateway/access"
)

// roles are LiteLLM's roles of users, and what they are here.
var roles = []struct {
	name string
	role access.UserRole
}{
	{"proxy_admin", access.Manager},
	{"proxy_admin_viewer", access.Viewer},
	{"internal_user", access.SelfService},
	{"internal_user_viewer", access.PlainUser},
}

// RoleNames lists LiteLLM's roles of users, the mightiest first.
func RoleNames() []string {
	var names []string
	for _, r := range roles {
		names = append(names, r.name)
	}
	return names
}

// Role translates a user_role; ok is false if there is no such role. LiteLLM takes a user
// without one for an internal_user.
func Role(name string) (role access.UserRole, ok bool) {
	if name == "" {
		return access.SelfService, true
	}
	i := slices.Index(RoleNames(), name)
	if i < 0 {
		return "", false
	}
	return roles[i].role, true
}

// RoleName is the user_role of a role.
func RoleName(role access.UserRole) string {
	for _, r := range roles {
		if r.role == role {
			return r.name
		}
	}
	return "internal_user_viewer" // who has no role may do the least
}

// NoRole is kept of a user who was given no role: LiteLLM tells none then, and lets it do
// what an internal_user may.
const NoRole = "no_role"
