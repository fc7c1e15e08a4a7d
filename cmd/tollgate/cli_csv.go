package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tollgate/accounting"
	"tollgate/gateway/admin"
)

// csvFlag is of reports that go into a spreadsheet.
type csvFlag struct {
	CSV bool `name:"csv" help:"Print it as CSV for a spreadsheet: amounts in dollars, times in UTC."`
}

// alone refuses two forms at once.
func (f csvFlag) alone(s *session) error {
	if f.CSV && s.g.JSON {
		return usageError("--csv and --json are two forms: give one of them")
	}
	return nil
}

// sheet writes rows as CSV.
type sheet struct{ w *csv.Writer }

func newSheet(w io.Writer, head ...string) (sheet, error) {
	s := sheet{csv.NewWriter(w)}
	return s, s.w.Write(head)
}

// end writes what is left.
func (s sheet) end() error {
	s.w.Flush()
	return s.w.Error()
}

// cellText is a text as a cell. Names of models and end users are what clients say: one that
// a spreadsheet would take for a formula is marked as text, as it marks them itself.
func cellText(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// cellMoney is an amount as a cell; none is an empty one.
func cellMoney(m *accounting.Money) string {
	if m == nil {
		return ""
	}
	return m.String()
}

func cellNumber(n int64) string { return strconv.FormatInt(n, 10) }

// usageCSV prints a report, without its total.
func usageCSV(s *session, u admin.Usage) error {
	head := append(append([]string{}, u.By...), "cost", "adjusted", "paid_calls", "paid_input_tokens", "paid_cached_tokens", "paid_output_tokens",
		"free_calls", "free_input_tokens", "free_cached_tokens", "free_output_tokens", "free_worth", "unpriced_calls", "refused")
	out, err := newSheet(s.stdout, head...)
	if err != nil {
		return err
	}
	for _, r := range u.Rows {
		var row []string
		for _, by := range u.By {
			row = append(row, cellText(r.Group[by]))
		}
		row = append(row, r.Cost.String(), r.Adjusted.String(), cellNumber(r.Paid.Calls), cellNumber(r.Paid.Input), cellNumber(r.Paid.Cached), cellNumber(r.Paid.Output),
			cellNumber(r.Free.Calls), cellNumber(r.Free.Input), cellNumber(r.Free.Cached), cellNumber(r.Free.Output), cellMoney(r.Free.Worth), cellNumber(r.Unpriced.Calls), cellNumber(r.Refused))
		if err := out.w.Write(row); err != nil {
			return err
		}
	}
	if err := out.end(); err != nil || !u.Truncated {
		return err
	}
	return fmt.Errorf(truncated, len(u.Rows)) // a part of a report must not pass for all of it
}

// entriesCSV prints all entries that a query finds, page by page.
func entriesCSV(s *session, api *client, q url.Values) error {
	out, err := newSheet(s.stdout, "at", "id", "request", "key", "user", "team", "org", "end_user", "tags", "operation", "model", "deployment", "input_tokens", "output_tokens",
		"cost", "source", "status", "flags", "budgets", "price_version", "corrects", "reason", "actor")
	if err != nil {
		return err
	}
	q.Set("limit", fmt.Sprint(admin.MaxPage))
	for {
		var page entriesPage
		if _, err := api.do(s.ctx, http.MethodGet, "/entries", q, nil, &page); err != nil {
			return err
		}
		for _, e := range page.Data {
			var budgets []string
			for _, b := range e.Budgets {
				budgets = append(budgets, b.ID+" of "+ownerOf(b.Account.Kind, false, b.Account.ID))
			}
			texts := []string{e.ID, e.Request, e.Key, e.User, e.Team, e.Org, e.EndUser, strings.Join(e.Tags, ", "), e.Operation, e.Model, e.Deployment}
			row := []string{e.At.UTC().Format(time.RFC3339)}
			for _, text := range texts {
				row = append(row, cellText(text))
			}
			row = append(row, cellNumber(tokens(e, "input")), cellNumber(tokens(e, "output")), cellMoney(e.Cost))
			for _, text := range []string{e.Source, e.Status, strings.Join(e.Flags, ", "), strings.Join(budgets, ", "), e.PriceVersion, e.Corrects, e.Reason, e.Actor} {
				row = append(row, cellText(text))
			}
			if err := out.w.Write(row); err != nil {
				return err
			}
		}
		if page.Next == nil {
			return out.end()
		}
		q.Set("before", *page.Next)
	}
}
