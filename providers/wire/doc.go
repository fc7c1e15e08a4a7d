// Package wire holds the bytes of OpenAI's protocol as clients and compatible
// servers exchange them: reading the few request fields a gateway needs, patching
// a body in place, reading server-sent events, and the error object.
//
// It imports nothing of ours and knows no provider, price, key or route. It never
// re-serialises a body: what it does not have to change stays as it came, byte
// for byte, because unknown fields are the normal case.
package wire
