package edge

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/zstd"
)

// Body returns a copy of the request's body, inflated if it came compressed. The
// framework's own way of inflating has no limit; this one stops at [MaxBody].
func Body(c *fiber.Ctx) ([]byte, error) {
	raw := c.BodyRaw()
	var r io.Reader
	packed := &packing{from: bytes.NewReader(raw)}
	switch encoding := strings.ToLower(strings.TrimSpace(c.Get(fiber.HeaderContentEncoding))); encoding {
	case "", "identity":
		return bytes.Clone(raw), nil
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
		z, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, ErrInflate
		}
		defer z.Close()
		r = z
	default:
		return nil, ErrEncoding
	}
	out, err := io.ReadAll(io.LimitReader(unpacked{r, packed}, MaxBody+1))
	switch {
	case err != nil:
		return nil, ErrInflate
	case len(out) > MaxBody:
		return nil, ErrBodyTooLarge
	}
	return out, nil
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
