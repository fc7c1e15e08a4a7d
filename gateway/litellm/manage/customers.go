package manage

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"tollgate/accounting"
	"tollgate/accounting/scope"
	"tollgate/gateway/access"
	"tollgate/gateway/control"
	"tollgate/gateway/litellm/mapping"
)

// customerFields are the fields of a customer, which is an end user here.
var customerFields = honoured("user_id", "alias", "blocked", "spend", "budget_id").
	and(as(Refused, "It would close models to the customer, and nothing here does that.", "allowed_model_region", "models", "object_permission")).
	and(as(Refused, "It is a part of regions, which are not here.", "default_model")).
	and(as(Refused, "Periods begin where the calendar's do.", "budget_reset_at")).
	and(as(Ignored, "Its models have the limits that its budgets name.", "allowed_models")).
	and(termFields)

// customerRoutes are there by two names, which mean the same.
func (a *api) customerRoutes() (routes []route) {
	for _, under := range []string{"/customer", "/end_user"} {
		routes = append(routes,
			route{http.MethodPost, under + "/new", customerFields, a.newCustomer},
			route{http.MethodPost, under + "/update", customerFields, a.updateCustomer},
			route{http.MethodGet, under + "/info", nil, a.customerInfo},
			route{http.MethodGet, under + "/list", nil, a.listCustomers},
			route{http.MethodPost, under + "/delete", honoured("user_ids"), a.deleteCustomers},
			route{http.MethodPost, under + "/block", honoured("user_ids"), func(in *call) error { return a.blockCustomers(in, true) }},
			route{http.MethodPost, under + "/unblock", honoured("user_ids"), func(in *call) error { return a.blockCustomers(in, false) }},
		)
	}
	return routes
}

// wantedCustomer is what a request says of a customer.
type wantedCustomer struct {
	control.EndUserChange
	terms mapping.Terms
	spend *accounting.Money
	kept  mapping.Kept
	raw   json.RawMessage // the attributes that kept stands in
}

// customer reads what a request says of a customer that is as it is told.
func (a *api) customer(in *call, terms mapping.Terms, attributes json.RawMessage) (w wantedCustomer, err error) {
	w.raw, w.kept = attributes, in.fill(mapping.KeptOf(attributes))
	if v := in.text("alias"); v.given {
		name := v.or("")
		w.Name = &name
	}
	if v := in.flag("blocked"); v.given {
		blocked := v.or(false)
		w.Blocked = &blocked
	}
	budget := in.text("budget_id")
	if _, _, most := in.get("max_budget"); most && budget.v != nil {
		in.fail("value_error", "Value error, Set either 'max_budget' or 'budget_id', not both.")
	}
	if w.spend = in.money("spend").v; len(in.wrong) > 0 {
		return w, in.done()
	}
	// A budget of its own takes the place of one that it shared, and the other way round.
	if budget.given {
		if terms, err = a.shared(in, budget.or("")); err != nil {
			return w, err
		}
	}
	w.terms = in.terms(terms)
	if budget.given || in.saysTerms() {
		w.kept.Set("budget_id", budget.v)
	}
	in.keepTerms(w.kept, w.terms)
	return w, in.done()
}

// saysTerms says whether a request has any field of terms.
func (in *call) saysTerms() bool {
	return slices.ContainsFunc(termFields.only(Honoured), func(f field) bool { _, given, _ := in.get(f.name); return given })
}

func (w wantedCustomer) change() control.EndUserChange {
	w.Attributes = w.kept.Into(w.raw)
	return w.EndUserChange
}

func customerAccount(id string) scope.Account { return scope.Account{Kind: scope.EndUser, ID: id} }

func (a *api) newCustomer(in *call) error {
	id, err := in.needText("user_id")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Make, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	if _, err := a.Control.EndUser(id); err == nil {
		return &refusal{http.StatusBadRequest, "bad_request", "user_id", "Customer already exists, passed user_id=" + id + ". Please pass a new user_id.", nil}
	}
	w, err := a.customer(in, mapping.Terms{}, nil)
	if err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.EndUser, id) // it may have come by itself
	if err != nil {
		return err
	}
	return a.putCustomer(in, control.EndUserEdit{Action: control.Create, ID: id, EndUserChange: w.change()}, now, w)
}

func (a *api) updateCustomer(in *call) error {
	id, err := in.needText("user_id")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Alter, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	if err := in.notNull("blocked"); err != nil {
		return err
	}
	edit := control.EndUserEdit{Action: control.Update, ID: id}
	if _, err := a.Control.EndUser(id); err != nil {
		if came, err := a.came(in, id); err != nil || !came {
			return noCustomer("user_id", id, err)
		}
		edit.Action = control.Create
	}
	attributes, err := a.attributes(in, control.EndUserChanged, id)
	if err != nil {
		return err
	}
	now, err := a.standing(in.ctx, scope.EndUser, id)
	if err != nil {
		return err
	}
	w, err := a.customer(in, now.Terms, attributes[id])
	if err != nil {
		return err
	}
	edit.EndUserChange = w.change()
	return a.putCustomer(in, edit, now, w)
}

func (a *api) putCustomer(in *call, edit control.EndUserEdit, now *mapping.Standing, w wantedCustomer) error {
	more, err := a.change(customerAccount(edit.ID), now, w.terms, w.spend)
	if err != nil {
		return err
	}
	if _, err := a.Control.Apply(in.ctx, append([]control.Edit{edit}, more...)); err != nil {
		return plain(err)
	}
	rows, err := a.customerRows(in, edit.ID)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// noCustomer is err, or says that there is no such customer.
func noCustomer(param, ids string, err error) error {
	if err != nil {
		return err
	}
	verb := "does"
	name := "End User Id"
	if param == "user_ids" {
		name, verb = "End User Id(s)", "do"
	}
	return &refusal{http.StatusNotFound, "not_found", param, name + "=" + ids + " " + verb + " not exist in db (not found)", nil}
}

// came says whether calls have named an end user of whom nothing else is known.
func (a *api) came(in *call, id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	rows, err := a.Control.Usage(in.ctx, control.UsageQuery{By: []string{"end_user"}, EndUser: id})
	return len(rows) > 0, err
}

// customerRows are end users as LiteLLM tells of them.
func (a *api) customerRows(in *call, ids ...string) ([]row, error) {
	attributes, err := a.attributes(in, control.EndUserChanged, ids...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(in.ctx, scope.EndUser, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(ids))
	for i, id := range ids {
		u, err := a.Control.EndUser(id)
		if err != nil {
			u = access.EndUser{} // it came by itself
		}
		s, kept := standings[id], mapping.KeptOf(attributes[id])
		r := shape("customer").with(row{"user_id": id, "alias": null(u.Name), "blocked": u.Blocked, "spend": number(s.Spend), "budget_id": null(kept.Text("budget_id"))})
		terms := termsOf(s, kept)
		if len(terms["model_max_budget"].(row)) == 0 {
			delete(terms, "model_max_budget")
		}
		table := shape("customer_budget").with(terms)
		if !maps.EqualFunc(table, shape("customer_budget"), func(x, y any) bool { return x == nil && y == nil || isList(x) && isList(y) }) {
			if r["budget_id"] == nil && s.Main != nil {
				r["budget_id"] = s.Main.ID
			}
			table.with(row{"budget_id": r["budget_id"], "created_at": instant(u.Created)})
			r["litellm_budget_table"] = table
		}
		rows[i] = r
	}
	return rows, nil
}

func isList(v any) bool { _, is := v.([]any); return is }

func (a *api) customerInfo(in *call) error {
	q := in.query()
	id := q.text("end_user_id")
	if id == "" {
		q.fail("missing", "Field required", "end_user_id")
	}
	if err := q.done(); err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.See, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	if _, err := a.Control.EndUser(id); errors.Is(err, control.ErrNotFound) {
		if came, err := a.came(in, id); err != nil || !came {
			return noCustomer("end_user_id", id, err)
		}
	}
	rows, err := a.customerRows(in, id)
	if err != nil {
		return err
	}
	return in.answer(rows[0])
}

// MaxCustomers is how many customers a list tells of at most, by their ids.
const MaxCustomers = 10_000

// headerMore says of a list without pages that it has been cut off.
const headerMore = "X-Tollgate-More"

// listCustomers tells of those of whom something is known and of those whom calls have named.
func (a *api) listCustomers(in *call) error {
	if err := a.Control.May(in.who, control.See, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	known, err := a.Control.EndUsers(in.ctx, "", MaxCustomers+1)
	if err != nil {
		return err
	}
	used, err := a.Control.Usage(in.ctx, control.UsageQuery{By: []string{"end_user"}})
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(known)+len(used))
	for _, u := range known {
		ids = append(ids, u.ID)
	}
	for _, r := range used {
		if r.Group[0] != "" {
			ids = append(ids, r.Group[0])
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > MaxCustomers || len(used) >= control.MaxUsageRows {
		ids = ids[:min(len(ids), MaxCustomers)]
		in.c.Set(headerMore, "true")
	}
	rows, err := a.customerRows(in, ids...)
	if err != nil {
		return err
	}
	return in.answer(list(rows))
}

// deleteCustomers forgets end users, and what they might spend. What was spent for them stays
// in the books, so that one whom calls have named is still told of.
func (a *api) deleteCustomers(in *call) error {
	ids, err := in.ids("user_ids")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Remove, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	if len(ids) == 0 {
		return bad("user_ids", "user_ids is required: give the customers to delete")
	}
	var accounts []scope.Account
	var edits []control.Edit
	var none []string
	for _, id := range ids {
		accounts = append(accounts, customerAccount(id))
		_, err := a.Control.EndUser(id)
		if err == nil {
			edits = append(edits, control.EndUserEdit{Action: control.Delete, ID: id})
			continue
		}
		came, err := a.came(in, id)
		if err != nil {
			return err
		}
		if !came {
			none = append(none, id)
		}
	}
	if len(none) > 0 {
		return noCustomer("user_ids", strings.Join(none, ", "), nil)
	}
	if _, err := a.Control.Apply(in.ctx, append(a.forget(accounts...), edits...)); err != nil {
		return plain(err)
	}
	return in.answer(row{"deleted_customers": len(ids), "message": "Successfully deleted customers with ids: " + strings.Join(ids, ", ")})
}

// blockCustomers blocks end users, whether anything was known of them or not, or lets them
// in again.
func (a *api) blockCustomers(in *call, blocked bool) error {
	ids, err := in.ids("user_ids")
	if err != nil {
		return err
	}
	if err := a.Control.May(in.who, control.Alter, control.TheEndUser, control.Place{}); err != nil {
		return err
	}
	attributes, err := a.attributes(in, control.EndUserChanged, ids...)
	if err != nil {
		return err
	}
	var edits []control.Edit
	for _, id := range ids {
		e := control.EndUserEdit{Action: control.Update, ID: id, EndUserChange: control.EndUserChange{Blocked: &blocked, Attributes: in.fill(mapping.KeptOf(attributes[id])).Into(attributes[id])}}
		if _, err := a.Control.EndUser(id); err != nil {
			if !blocked {
				continue // it is not
			}
			e.Action = control.Create
		}
		edits = append(edits, e)
	}
	if _, err := a.Control.Apply(in.ctx, edits); err != nil {
		return plain(err)
	}
	if !blocked {
		return a.stillBlocked(in)
	}
	rows, err := a.customerRows(in, ids...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		r["litellm_budget_table"] = nil // it is not told here
	}
	return in.answer(row{"blocked_users": rows})
}

// stillBlocked answers with the ids of all that are blocked.
func (a *api) stillBlocked(in *call) error {
	all, err := a.Control.EndUsers(in.ctx, "", MaxCustomers)
	ids := []string{}
	for _, u := range all {
		if u.Blocked {
			ids = append(ids, u.ID)
		}
	}
	if err != nil {
		return err
	}
	return in.answer(row{"blocked_users": ids})
}

// shared are the terms of a budget that several accounts share, which is a plan here: they
// are kept with it. "" has none.
func (a *api) shared(in *call, id string) (mapping.Terms, error) {
	if id == "" {
		return mapping.Terms{}, nil
	}
	all, err := a.plans(in, id)
	if err != nil {
		return mapping.Terms{}, err
	}
	p, there := all[id]
	if !there {
		return p.terms, noPlan(id)
	}
	return p.terms, nil
}
