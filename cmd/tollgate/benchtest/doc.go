// Package benchtest measures what money costs: the books by themselves, and paid calls
// beside free ones through the built program. It prints tables and asserts no speed;
// `make bench-books` runs it.
//
// It imports the store and the ledger as the program does, and knows the program only
// by its command line and its HTTP face.
package benchtest
