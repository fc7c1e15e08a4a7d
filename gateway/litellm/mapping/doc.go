// Package mapping says what LiteLLM's fields are in tollgate's things: the columns of an
// account become budgets and rate limits that name it, and what LiteLLM alone has a field
// for is kept in the account's attributes. The management face and the import of a database
// share it, so that what was imported reads as what was made here.
//
// It imports configs/litellm, control's edits and the types that they are of. It asks and
// changes nothing.
package mapping
