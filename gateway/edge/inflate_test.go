package edge

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fasthttp"
)

// inflateWith is what [Body] makes of a body under an encoding.
func inflateWith(app *fiber.App, encoding string, raw []byte) ([]byte, error) {
	ctx := &fasthttp.RequestCtx{}
	ctx.Request.Header.Set("Content-Encoding", encoding)
	ctx.Request.SetBodyRaw(raw)
	c := app.AcquireCtx(ctx)
	defer app.ReleaseCtx(c)
	return Body(c)
}

func packer(t *testing.T, encoding string, to io.Writer) io.WriteCloser {
	t.Helper()
	switch encoding {
	case "gzip":
		return gzip.NewWriter(to)
	case "deflate":
		return zlib.NewWriter(to)
	}
	z, err := zstd.NewWriter(to, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestInflate: bodies that do not get shorter are taken as they are, and parts without
// content are not followed to their end.
func TestInflate(t *testing.T) {
	app := fiber.New(fiber.Config{BodyLimit: MaxBody})
	noise := make([]byte, 5<<18)
	for i, rng := 0, rand.New(rand.NewPCG(1, 2)); i < len(noise); i++ {
		noise[i] = byte(rng.Uint32())
	}
	for _, encoding := range []string{"gzip", "deflate", "zstd"} {
		for name, content := range map[string][]byte{"nothing": {}, "noise": noise, "zeros": make([]byte, 1<<20)} {
			var b bytes.Buffer
			z := packer(t, encoding, &b)
			if _, err := z.Write(content); err != nil {
				t.Fatal(err)
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			if got, err := inflateWith(app, encoding, b.Bytes()); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s of %s: %d bytes, %v", encoding, name, len(got), err)
			}
			for _, cut := range []int{1, b.Len() / 2} {
				if got, err := inflateWith(app, encoding, b.Bytes()[:b.Len()-cut]); err == nil && !bytes.Equal(got, content) {
					t.Errorf("%s of %s without its last %d bytes is %d bytes", encoding, name, cut, len(got))
				}
			}
		}
	}
	var empty bytes.Buffer
	if err := packer(t, "gzip", &empty).Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		encoding string
		part     []byte
	}{
		"empty members":    {"gzip", empty.Bytes()},
		"empty frames":     {"zstd", []byte{0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00}},
		"skippable frames": {"zstd", []byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0}},
		"empty blocks":     {"deflate", []byte{0x00, 0x00, 0x00, 0xff, 0xff}},
	} {
		raw := bytes.Repeat(c.part, (4<<20)/len(c.part))
		if c.encoding == "deflate" {
			raw = append([]byte{0x78, 0x9c}, raw...)
		}
		if got, err := inflateWith(app, c.encoding, raw); !errors.Is(err, ErrInflate) {
			t.Errorf("4 MiB of %s: %d bytes, %v", name, len(got), err)
		}
	}
}
