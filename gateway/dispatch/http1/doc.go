// Package http1 is a lean HTTP/1.1 client for engines that are reached over plain
// HTTP: one request, one answer, and the connection is used again. It has no goroutine
// of its own, one write for a small request and one read for a small answer.
//
// Of ours it imports only which addresses are never called. It knows no model, provider,
// credential or retry. It speaks neither TLS, HTTP/2 nor to proxies, follows no redirect and
// never sends a request before the answer to the last one is read. What it cannot make sense
// of it refuses: an answer whose length two readers could read in two ways is none.
package http1

import "time"

// The limits of a connection and of what is read from it.
const (
	MaxHead      = 64 << 10 // bytes of a status line and headers, interim answers included
	maxInterim   = 8        // interim answers (1xx) before the answer
	maxChunkLine = 4 << 10  // bytes of the line before a chunk
	maxExtension = 64 << 10 // bytes of chunk extensions in one answer
	maxTrailer   = 16 << 10 // bytes of the trailer section
	bufferSize   = 8 << 10  // bytes that a connection in use reads ahead

	MaxConnections = 16 << 10 // to one server
	MaxWaiters     = 1 << 10  // calls that wait for one of them
)

// The deadlines of a connection. How long an answer may take is the caller's to say.
const (
	ConnectTimeout = 5 * time.Second
	WriteTimeout   = 30 * time.Second // for a whole request
	WaitTimeout    = 10 * time.Second // for a connection, when all are in use
	MaxAge         = 5 * time.Minute  // of a connection that is used again: a changed address is seen
	keepAlive      = 15 * time.Second // between the probes of a silent connection
	userTimeout    = 30 * time.Second // for the peer's kernel to take what was sent
	lookEvery      = 250 * time.Millisecond
	earlyPatience  = time.Second // for the answer of a server that stopped reading the request
)
