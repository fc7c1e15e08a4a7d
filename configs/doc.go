// Package configs reads tollgate.yaml: it turns the text that an operator wrote
// into a [Config], or says everything that is wrong with it at once, each thing
// with its place and the line to write instead.
//
// It imports access, accounting, the ledger's budgets, the limits' rules, the price list, the
// catalogue's declarations and the providers' contract, because those are what it
// fills, and address, listening and spelling, to check it. It opens no database and no connection; the only things it reads are the file
// itself, the environment and the files that `file:` references name. It does not know
// other programs' formats.
//
// A figure of money is read from the text as it was written and never passes
// through a float. A secret is only ever referred to, and no [Problem] shows one.
package configs
