package edge

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/zstd"
)

// Body returns the request's body, inflated if it came compressed. The framework's own
// way of inflating has no limit; this one stops at the limit of a body. The server
// does not use the bytes again.
func Body(c *fiber.Ctx) ([]byte, error) {
	raw := c.BodyRaw() // read by readBody, into memory of its own
	encoding := strings.ToLower(strings.TrimSpace(Get(c, nameContentEncoding)))
	if encoding == "" || encoding == "identity" {
		return raw, nil
	}
	var r io.Reader
	packed := &packing{from: bytes.NewReader(raw)}
	switch encoding {
	case "gzip":
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, ErrInflate
		}
		r = z
	case "deflate":
		z, err := zlib.NewReader(packed)
		if err != nil {
			return nil, ErrInflate
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, ErrInflate
		}
		defer z.Close()
		r = z
	default:
		return nil, ErrEncoding
	}
	out, err := inflate(c, unpacked{r, packed}, 2*int64(len(raw))+8<<10)
	if err != nil {
		return nil, err
	}
	c.Request().SetBodyRaw(out) // what was sent is not kept beside what it says
	c.Request().Header.Del(fiber.HeaderContentEncoding)
	return out, nil
}

// inflate reads all that a compressed body holds, into room that grows with it.
func inflate(c *fiber.Ctx, r io.Reader, room int64) ([]byte, error) {
	k, _ := c.Context().Conn().(*conn)
	limit := int64(c.App().Config().BodyLimit)
	var out []byte
	for room = min(room, limit+1); ; room = min(2*room, limit+1) {
		if k != nil {
			if err := k.front.hold(k, room-int64(len(out))); err != nil {
				return nil, err
			}
		}
		out = append(make([]byte, 0, room), out...)
		for int64(len(out)) < room {
			n, err := r.Read(out[len(out):room])
			out = out[:len(out)+n]
			switch {
			case int64(len(out)) > limit:
				return nil, tooLarge(limit)
			case errors.Is(err, io.EOF):
				return out, nil
			case err != nil:
				return nil, ErrInflate
			}
		}
	}
}

// Form says whether the request's Content-Type is that of a multipart form.
func Form(c *fiber.Ctx) bool {
	media, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	return strings.EqualFold(strings.TrimSpace(media), fiber.MIMEMultipartForm)
}

// JSON says whether the request's Content-Type may go with a JSON body: none, JSON,
// plain text, and what curl sends with -d when it is told nothing.
func JSON(c *fiber.Ctx) bool {
	media, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	switch media = strings.ToLower(strings.TrimSpace(media)); media {
	case "", fiber.MIMEApplicationJSON, fiber.MIMETextPlain, fiber.MIMEApplicationForm:
		return true
	}
	return strings.HasSuffix(media, "+json")
}
