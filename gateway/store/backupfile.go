package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// A backup is one zstd stream of lines, the same for both engines:
//
//	{"tollgate_backup":1,"schema":2,"made_at":"…","made_by":"…","engine":"sqlite","epoch":1}
//	{"table":"users","columns":[{"name":"id","type":"text"},…]}
//	["alice","Alice",false,…]
//	…
//	{"rows":{"users":1,…},"sha256":"…"}
//
// Whole numbers stand as they are; no number has a fraction or an exponent. A text that
// is not UTF-8 stands as {"base64":"…"}. The last line counts the rows of each table and
// hashes every byte before it, so that a part, or one that was changed, is not taken for
// the whole. It is no signature: whoever can write the file can make one that is right.

// backupFormat is the number of this format.
const backupFormat = 1

// The limits of a backup file.
const (
	maxBackupLine   = 64 << 20 // bytes of one row: an audit may hold a large thing twice
	maxBackupTables = 100
	maxBackupFields = 100 // columns of a table
	backupWindow    = 4 << 20
	maxBackupMemory = 64 << 20 // of the decoder
)

// errNoBackup says that a file is not a whole backup of tollgate's.
var errNoBackup = errors.New("not a whole backup")

// BackupHeader is the first line of a backup.
type BackupHeader struct {
	Format int       `json:"tollgate_backup"`
	Schema int64     `json:"schema"`
	MadeAt time.Time `json:"made_at"`
	MadeBy string    `json:"made_by"` // the version of tollgate
	Engine string    `json:"engine"`
	Epoch  int64     `json:"epoch"`
}

// backupTable is the line before the rows of a table.
type backupTable struct {
	Name    string         `json:"table"`
	Columns []backupColumn `json:"columns"`
}

// backupColumn is a column: its type is text, bigint or boolean.
type backupColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// backupTrailer is the last line.
type backupTrailer struct {
	Rows   map[string]int64 `json:"rows"`
	SHA256 string           `json:"sha256"`
}

func (t backupTable) names() []string {
	out := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = c.Name
	}
	return out
}

// backupWriter writes a backup.
type backupWriter struct {
	z    *zstd.Encoder
	buf  *bufio.Writer
	sum  hash.Hash
	line bytes.Buffer
	json *json.Encoder
	rows map[string]int64
	of   string
}

func newBackupWriter(w io.Writer, h BackupHeader) (*backupWriter, error) {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(backupWindow))
	if err != nil {
		return nil, err
	}
	b := &backupWriter{z: z, buf: bufio.NewWriterSize(z, 64<<10), sum: sha256.New(), rows: map[string]int64{}}
	b.json = json.NewEncoder(&b.line)
	b.json.SetEscapeHTML(false)
	h.Format = backupFormat
	return b, b.write(h)
}

func (b *backupWriter) write(v any) error {
	b.line.Reset()
	if err := b.json.Encode(v); err != nil { // with the end of the line
		return err
	}
	if b.line.Len() > maxBackupLine {
		return fmt.Errorf("a row of %s has more than %d MiB", b.of, maxBackupLine>>20)
	}
	b.sum.Write(b.line.Bytes())
	_, err := b.buf.Write(b.line.Bytes())
	return err
}

func (b *backupWriter) table(t backupTable) error {
	b.of = t.Name
	b.rows[t.Name] = 0
	return b.write(t)
}

// row writes strings, int64s, bools and nils.
func (b *backupWriter) row(values []any) error {
	for i, v := range values {
		if s, ok := v.(string); ok && !utf8.ValidString(s) {
			values[i] = map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(s))}
		}
	}
	b.rows[b.of]++
	return b.write(values)
}

// end writes the last line and what is still in memory.
func (b *backupWriter) end() (sum string, err error) {
	sum = hex.EncodeToString(b.sum.Sum(nil))
	if err := b.write(backupTrailer{b.rows, sum}); err != nil {
		return "", err
	}
	return sum, errors.Join(b.buf.Flush(), b.z.Close())
}

// backupReader reads a backup line by line. Whatever the file holds, it takes bounded
// memory: the decoder's, and one line.
type backupReader struct {
	z      *zstd.Decoder
	lines  *bufio.Reader
	sum    hash.Hash
	number int64 // of the line
	header BackupHeader
	rows   map[string]int64
	of     backupTable
	total  string // what the last line says; "" before it was read
}

func newBackupReader(r io.Reader) (*backupReader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBackupMemory), zstd.WithDecoderMaxWindow(2*backupWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	b := &backupReader{z: z, lines: bufio.NewReaderSize(z, 64<<10), sum: sha256.New(), rows: map[string]int64{}}
	if err := b.first(); err != nil {
		z.Close()
		return nil, err
	}
	return b, nil
}

func (b *backupReader) close() { b.z.Close() }

// fail says what is wrong with the file, and where.
func (b *backupReader) fail(format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %s", errNoBackup, b.number, fmt.Sprintf(format, args...))
}

// next reads a line, without its end.
func (b *backupReader) next() ([]byte, error) {
	b.number++
	var line []byte
	for {
		part, err := b.lines.ReadSlice('\n')
		if len(line)+len(part) > maxBackupLine {
			return nil, b.fail("it has more than %d MiB", maxBackupLine>>20)
		}
		switch {
		case err == nil && line == nil:
			return part, nil // it is used up before the next one is read
		case err == nil:
			return append(line, part...), nil
		case errors.Is(err, bufio.ErrBufferFull):
			line = append(line, part...)
		case errors.Is(err, io.EOF):
			return nil, b.fail("the file ends before the backup does: it was cut, or the backup was never finished")
		case errors.Is(err, zstd.ErrMagicMismatch) && b.number == 1:
			return nil, fmt.Errorf("%w: it is of another kind", errNoBackup)
		default:
			return nil, b.fail("it cannot be read: %v", err)
		}
	}
}

// strict reads one JSON value with all its members known.
func strict(line []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows")
	}
	return nil
}

func (b *backupReader) first() error {
	line, err := b.next()
	if err != nil {
		return err
	}
	var kind struct {
		Format int `json:"tollgate_backup"`
	}
	if err := json.Unmarshal(line, &kind); err != nil || kind.Format == 0 {
		return fmt.Errorf("%w: it is of another kind", errNoBackup)
	}
	if kind.Format > backupFormat {
		return fmt.Errorf("the backup has format %d and this program knows %d: restore it with the tollgate that made it, or a newer one", kind.Format, backupFormat)
	}
	if err := strict(line, &b.header); err != nil || b.header.Schema < 1 || b.header.Epoch < 0 || b.header.Epoch == math.MaxInt64 || b.header.Format != backupFormat {
		return b.fail("this is no header of a backup")
	}
	b.sum.Write(line)
	return nil
}

// backupName is compiled when it is first asked: a start needs none.
var backupName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z_0-9]{0,62}$`) })

// read returns the next table or the next row of the last one; both are nil after the
// last line, which was right then. Values are strings, int64s, bools and nils.
func (b *backupReader) read() (*backupTable, []any, error) {
	line, err := b.next()
	if err != nil {
		return nil, nil, err
	}
	if line[0] == '[' {
		values, err := b.values(line)
		if err != nil {
			return nil, nil, err
		}
		b.sum.Write(line)
		b.rows[b.of.Name]++
		return nil, values, nil
	}
	if bytes.HasPrefix(line, []byte(`{"table":`)) {
		var t backupTable
		if err := strict(line, &t); err != nil {
			return nil, nil, b.fail("this is no table")
		}
		if err := b.begin(t); err != nil {
			return nil, nil, err
		}
		b.sum.Write(line)
		return &t, nil, nil
	}
	return nil, nil, b.last(line)
}

func (b *backupReader) begin(t backupTable) error {
	_, twice := b.rows[t.Name]
	switch {
	case !backupName().MatchString(t.Name):
		return b.fail("%.80q is no name of a table", t.Name)
	case twice:
		return b.fail("table %s stands twice", t.Name)
	case len(b.rows) >= maxBackupTables, len(t.Columns) == 0, len(t.Columns) > maxBackupFields:
		return b.fail("there are too many tables, or too many columns in %s, or none", t.Name)
	}
	names := t.names()
	slices.Sort(names)
	for i, c := range t.Columns {
		if !backupName().MatchString(c.Name) || c.Type != "text" && c.Type != "bigint" && c.Type != "boolean" || i > 0 && names[i] == names[i-1] {
			return b.fail("table %s: %.80q of type %.80q is no column, or stands twice", t.Name, c.Name, c.Type)
		}
	}
	b.of, b.rows[t.Name] = t, 0
	return nil
}

// values reads a row.
func (b *backupReader) values(line []byte) ([]any, error) {
	if b.of.Name == "" {
		return nil, b.fail("a row stands before its table")
	}
	var values []any
	if err := strict(line, &values); err != nil {
		return nil, b.fail("table %s: this is no row", b.of.Name)
	}
	if len(values) != len(b.of.Columns) {
		return nil, b.fail("table %s: a row has %d values and the table %d columns", b.of.Name, len(values), len(b.of.Columns))
	}
	for i, c := range b.of.Columns {
		var ok bool
		if values[i], ok = backupValue(c.Type, values[i]); !ok {
			return nil, b.fail("table %s, column %s: this is no %s", b.of.Name, c.Name, c.Type)
		}
	}
	return values, nil
}

// backupValue gives a value of a row its type.
func backupValue(kind string, v any) (any, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case string:
		return v, kind == "text"
	case bool:
		return v, kind == "boolean"
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, kind == "bigint" && err == nil
	case map[string]any:
		text, ok := v["base64"].(string)
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		return string(raw), kind == "text" && ok && err == nil && len(v) == 1
	}
	return nil, false
}

// last reads the last line and makes sure that nothing is missing and nothing follows.
func (b *backupReader) last(line []byte) error {
	var t backupTrailer
	if err := strict(line, &t); err != nil || t.Rows == nil {
		return b.fail("this is neither a row nor a table nor the end")
	}
	if sum := hex.EncodeToString(b.sum.Sum(nil)); !strings.EqualFold(sum, t.SHA256) {
		return b.fail("the file was changed: its SHA-256 is %s and not %.80q", sum, t.SHA256)
	}
	for name, n := range b.rows {
		if have, ok := t.Rows[name]; !ok || have != n {
			return b.fail("table %s has %d rows, and the end counts %d", name, n, have)
		}
	}
	if len(t.Rows) != len(b.rows) {
		return b.fail("the end counts %d tables, and there are %d", len(t.Rows), len(b.rows))
	}
	if _, err := b.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return b.fail("something follows the end")
	}
	b.total = t.SHA256
	return nil
}
