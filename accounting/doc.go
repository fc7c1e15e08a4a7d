// Package accounting is the arithmetic of money and metered use: [Money],
// [Rate], [Usage], [Price], [Quote] and [Cost].
//
// It imports nothing of ours and knows no clock, no I/O, no context, no model
// names and no callers. Everything here is a pure function of its arguments, in
// integers: a float never touches money.
//
// Two facts are kept by the compiler. A price is one of [Free], [Unknown] and
// [Priced] and nothing else, because the interface is sealed; and a [Quote], the
// only thing the ledger takes a hold for, can be obtained from [Priced.Quote]
// alone. So no hold can be written for a free model.
package accounting
