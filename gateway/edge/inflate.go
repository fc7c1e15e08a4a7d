package edge

import "io"

// packing feeds a compressed body to its decoder, and takes it for broken when it has
// given far more than came out. Nobody compresses to make things longer, but all
// formats allow empty parts without end, each of which costs time and yields nothing.
type packing struct {
	from io.Reader
	in   int64 // bytes given to the decoder
	out  int64 // bytes that came out of it
}

// maxLead is how many more bytes may go into a decoder than come out: what decoders
// read ahead, and more than any real header.
const maxLead = 1 << 20

func (p *packing) Read(b []byte) (int, error) {
	if p.in > p.out+maxLead {
		return 0, ErrInflate
	}
	n, err := p.from.Read(b[:min(len(b), maxLead/4)])
	p.in += int64(n)
	return n, err
}

// unpacked counts what comes out of a decoder.
type unpacked struct {
	from io.Reader
	p    *packing
}

func (u unpacked) Read(b []byte) (int, error) {
	n, err := u.from.Read(b)
	u.p.out += int64(n)
	return n, err
}
