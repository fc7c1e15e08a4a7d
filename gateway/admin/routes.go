package admin

import (
	"net/http"

	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/edge"
)

// Routes is the table of the API.
func Routes(d Deps) []edge.Route {
	t := &table{api: &api{Deps: d}}
	t.people()
	t.money()
	t.models()
	t.operation()
	t.add(edge.AnyKey, access.Itself, http.MethodGet, "/me", t.api.handler(t.api.me))
	t.add(edge.Open, 0, http.MethodGet, "/openapi.yaml", specYAML)
	t.add(edge.Open, 0, http.MethodGet, "/openapi.json", specJSON)
	return t.routes
}

// table gathers the routes.
type table struct {
	api    *api
	routes []edge.Route
}

func (t *table) add(who edge.Access, use access.Use, method, path string, handle edge.Handler) {
	t.routes = append(t.routes, edge.Route{Method: method, Path: Prefix + path, Access: who, Use: use, Handle: handle})
}

// useOf is what a key must be kept to, to be taken for a route.
func useOf(method, path string) access.Use {
	if method == http.MethodGet || path == "/explain" {
		return access.Reads
	}
	return access.Manages
}

// admin adds a route for admin keys.
func (t *table) admin(method, path string, handle func(*request) error) {
	t.add(edge.AdminKey, useOf(method, path), method, path, t.api.handler(handle))
}

// byRole adds a route for whoever control lets: handle asks it.
func (t *table) byRole(method, path string, handle func(*request) error) {
	t.add(edge.ByRole, useOf(method, path), method, path, t.api.handler(handle))
}

// byOperator adds a route for whoever may see how tollgate is operated.
func (t *table) byOperator(method, path string, handle func(*request) error) {
	t.byRole(method, path, t.api.seeing(control.TheOperation, handle))
}

func (t *table) people() {
	a := t.api
	t.byRole(http.MethodGet, "/users", a.listUsers)
	t.byRole(http.MethodPost, "/users", a.createUser)
	t.byRole(http.MethodGet, "/users/:id", a.getUser)
	t.admin(http.MethodPatch, "/users/:id", a.updateUser)
	t.admin(http.MethodDelete, "/users/:id", a.deleteUser)
	t.byRole(http.MethodGet, "/users/:id/budgets", a.userBudgets)

	a.endUsers().mount("/end_users", t)
	a.tags().mount("/tags", t)

	t.byRole(http.MethodGet, "/orgs", a.listOrgs)
	t.admin(http.MethodPost, "/orgs", a.createOrg)
	t.byRole(http.MethodGet, "/orgs/:id", a.getOrg)
	t.admin(http.MethodPatch, "/orgs/:id", a.updateOrg)
	t.admin(http.MethodDelete, "/orgs/:id", a.deleteOrg)
	t.byRole(http.MethodGet, "/orgs/:id/budgets", a.orgBudgets)
	t.byRole(http.MethodPut, "/orgs/:id/members/:user", a.addOrgMember)
	t.byRole(http.MethodDelete, "/orgs/:id/members/:user", a.removeOrgMember)

	t.byRole(http.MethodGet, "/teams", a.listTeams)
	t.byRole(http.MethodPost, "/teams", a.createTeam)
	t.byRole(http.MethodGet, "/teams/:id", a.getTeam)
	t.byRole(http.MethodPatch, "/teams/:id", a.updateTeam)
	t.byRole(http.MethodDelete, "/teams/:id", a.deleteTeam)
	t.byRole(http.MethodGet, "/teams/:id/budgets", a.teamBudgets)
	t.byRole(http.MethodPut, "/teams/:id/members/:user", a.addMember)
	t.byRole(http.MethodDelete, "/teams/:id/members/:user", a.removeMember)

	t.byRole(http.MethodGet, "/keys", a.listKeys)
	t.byRole(http.MethodPost, "/keys", a.createKey)
	t.byRole(http.MethodGet, "/keys/:id", a.getKey)
	t.byRole(http.MethodPatch, "/keys/:id", a.updateKey)
	t.byRole(http.MethodDelete, "/keys/:id", a.deleteKey)
	t.byRole(http.MethodPost, "/keys/:id/rotate", a.rotateKey)
	t.byRole(http.MethodGet, "/keys/:id/budgets", a.keyBudgets)
}

// money is what people may spend, and how fast.
func (t *table) money() {
	a := t.api
	t.byRole(http.MethodGet, "/budgets", a.listBudgets)
	t.admin(http.MethodPost, "/budgets", a.createBudget)
	t.byRole(http.MethodGet, "/budgets/:id", a.getBudget)
	t.admin(http.MethodPatch, "/budgets/:id", a.updateBudget)
	t.admin(http.MethodDelete, "/budgets/:id", a.deleteBudget)

	t.byRole(http.MethodGet, "/limits", a.listLimits)
	t.admin(http.MethodPost, "/limits", a.createLimit)
	t.byRole(http.MethodGet, "/limits/:id", a.getLimit)
	t.admin(http.MethodPatch, "/limits/:id", a.updateLimit)
	t.admin(http.MethodDelete, "/limits/:id", a.deleteLimit)

	t.byRole(http.MethodGet, "/plans", a.seeing(control.ThePlan, a.listPlans))
	t.admin(http.MethodPost, "/plans", a.createPlan)
	t.byRole(http.MethodGet, "/plans/:id", a.seeing(control.ThePlan, a.getPlan))
	t.admin(http.MethodPatch, "/plans/:id", a.updatePlan)
	t.admin(http.MethodDelete, "/plans/:id", a.deletePlan)

	t.admin(http.MethodPost, "/apply", a.apply)
	t.admin(http.MethodPost, "/adjustments", a.adjust)
	t.byOperator(http.MethodGet, "/audit", a.audits)
}

// models is what is added to the catalog.
func (t *table) models() {
	a := t.api
	t.byOperator(http.MethodGet, "/models", a.listModels)
	t.admin(http.MethodPost, "/models", a.createModel)
	t.byOperator(http.MethodGet, "/models/:id", a.getModel)
	t.admin(http.MethodPatch, "/models/:id", a.updateModel)
	t.admin(http.MethodDelete, "/models/:id", a.deleteModel)
	t.byOperator(http.MethodGet, "/additions", a.listAdditions)

	t.byOperator(http.MethodGet, "/credentials", a.listCredentials)
	t.admin(http.MethodPost, "/credentials", a.createCredential)
	t.byOperator(http.MethodGet, "/credentials/:id", a.getCredential)
	t.admin(http.MethodPatch, "/credentials/:id", a.updateCredential)
	t.admin(http.MethodDelete, "/credentials/:id", a.deleteCredential)

	t.byOperator(http.MethodGet, "/model_groups", a.listModelGroups)
	t.admin(http.MethodPost, "/model_groups", a.createModelGroup)
	t.byOperator(http.MethodGet, "/model_groups/:id", a.getModelGroup)
	t.admin(http.MethodPatch, "/model_groups/:id", a.updateModelGroup)
	t.admin(http.MethodDelete, "/model_groups/:id", a.deleteModelGroup)

	t.byOperator(http.MethodGet, "/fallbacks", a.listFallbacks)
	t.admin(http.MethodPost, "/fallbacks", a.createFallback)
	t.byOperator(http.MethodGet, "/fallbacks/:id", a.getFallback)
	t.admin(http.MethodPatch, "/fallbacks/:id", a.updateFallback)
	t.admin(http.MethodDelete, "/fallbacks/:id", a.deleteFallback)
}

func (t *table) operation() {
	a := t.api
	t.byOperator(http.MethodGet, "/deployments", a.listDeployments)
	t.byRole(http.MethodGet, "/usage", a.usage)
	t.byRole(http.MethodGet, "/entries", a.entries)
	t.byOperator(http.MethodGet, "/verify", a.verify)
	t.admin(http.MethodPost, "/retain", a.retain)
	t.admin(http.MethodPost, "/explain", a.explain)
	t.admin(http.MethodGet, "/shadow", a.shadow)
	t.byOperator(http.MethodGet, "/check", a.check)
	t.admin(http.MethodPost, "/reload", a.reload)
}
