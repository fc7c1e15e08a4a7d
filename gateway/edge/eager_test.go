package edge

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// TestEagerReadsTheSame: whatever pieces are sent and asked for, the bytes are those
// that were sent, in order and to their end.
func TestEagerReadsTheSame(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	raw, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln := Eager(raw)
	defer ln.Close()
	for round := range 30 {
		sent := make([]byte, r.IntN(5*eagerBytes)+1)
		for i := range sent {
			sent[i] = byte(r.Uint32())
		}
		client, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		server, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		go func(rest []byte, r *rand.Rand) {
			defer client.Close()
			for len(rest) > 0 {
				n := min(r.IntN(eagerBytes)+1, len(rest))
				if _, err := client.Write(rest[:n]); err != nil {
					return
				}
				rest = rest[n:]
			}
		}(sent, rand.New(rand.NewPCG(seed, uint64(round))))
		if err := server.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		var got []byte
		for err == nil && (round%2 == 0 || len(got) < len(sent)/2) {
			p := make([]byte, []int{1, 7, eagerBytes - 1, eagerBytes, 3 * eagerBytes}[r.IntN(5)])
			var n int
			n, err = server.Read(p)
			got = append(got, p[:n]...)
		}
		if err == nil { // what is read ahead is not lost to a copy
			var rest bytes.Buffer
			_, err = io.Copy(&rest, server)
			got = append(got, rest.Bytes()...)
		} else if err == io.EOF {
			err = nil
		}
		if err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("round %d: %d bytes of %d: %v", round, len(got), len(sent), err)
		}
		server.Close()
	}
}
