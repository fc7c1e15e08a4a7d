// Package ledger keeps the books: budgets, windows, holds and entries.
//
// Money moves in two phases, as in card payments: [Ledger.Reserve] sets the most
// that an attempt may cost aside on every budget that applies, all or none; then
// the reservation ends once, settled to what it did cost or released. Entries are
// only ever added. The counters of a budget are rows per window, made on first
// use, so that nothing has to be reset.
//
// It imports accounting and scope, and declares the [Store] that it needs. It does not know
// what a key, a team or a model is: accounts are opaque, and whether a call is
// free is settled before anybody comes here. A hold cannot be asked for without
// an [accounting.Quote], and no free price makes one.
package ledger
