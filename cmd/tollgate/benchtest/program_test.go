//go:build bench

package benchtest

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// The size of one measurement, and of the full database.
const (
	connections = 64
	callsEach   = 100 // of one connection in one round
	manyBudgets = 10_000
	manyKeys    = 100_000
	manyEntries = 1_000_000
)

// TestPaidBesideFree prints the processor time of a paid call beside that of a free one
// through the built program with durable books, in a new database and in a full one.
func TestPaidBesideFree(t *testing.T) {
	up := upstream(t)
	small, full := program(t, up, false), program(t, up, true)
	type cell struct {
		name  string
		p     *tollgate
		model string
		cpu   []time.Duration
	}
	cells := []*cell{{"free, new database", small, "free", nil}, {"paid, new database", small, "paid", nil},
		{"free, full database", full, "free", nil}, {"paid, full database", full, "paid", nil}}
	for round := range rounds + 1 {
		for _, c := range cells {
			used := c.p.load(t, c.model)
			if round > 0 { // the first warms up
				c.cpu = append(c.cpu, used)
			}
		}
	}
	fmt.Printf("\nThe program, %d connections, calls of 200 bytes; the full database has %d budgets, %d keys and %d entries\n\n", connections, manyBudgets, manyKeys, manyEntries)
	fmt.Println("| call | CPU a call | beside |")
	fmt.Println("|---|---|---|")
	beside := func(a, b *cell) string {
		var ratios []float64
		for i := range a.cpu {
			ratios = append(ratios, float64(a.cpu[i])/float64(b.cpu[i]))
		}
		slices.Sort(ratios)
		return fmt.Sprintf("%.2f of %s", ratios[len(ratios)/2], b.name)
	}
	for i, c := range cells {
		note := ""
		switch i {
		case 1, 2:
			note = beside(c, cells[0])
		case 3:
			note = beside(c, cells[2]) + ", " + beside(c, cells[1])
		}
		sorted := slices.Sorted(slices.Values(c.cpu))
		fmt.Printf("| %s | %s | %s |\n", c.name, short(sorted[len(sorted)/2]), note)
	}
	fmt.Println()
}

// upstream answers every chat call at once with a usage of 20 and 10 tokens.
func upstream(t *testing.T) string {
	answer := []byte(`{"id":"chatcmpl-1","object":"chat.completion","created":1764000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there, how can I help?"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30}}`)
	list := []byte(`{"object":"list","data":[{"id":"m","object":"model","created":1,"owned_by":"t"}]}`)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &fasthttp.Server{Handler: func(c *fasthttp.RequestCtx) {
		c.SetContentType("application/json")
		if c.IsGet() {
			c.SetBody(list)
			return
		}
		c.SetBody(answer)
	}}
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Shutdown() })
	return "http://" + ln.Addr().String()
}

type tollgate struct {
	url string
	key string
	pid int
}

// program starts the built program over a database of its own.
func program(t *testing.T, up string, full bool) *tollgate {
	bin := os.Getenv("TOLLGATE_BIN")
	if bin == "" {
		t.Fatal("TOLLGATE_BIN is not set: run the benchmarks with make bench-books")
	}
	dir := os.Getenv("TOLLGATE_BENCH_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	t.Setenv("BENCH_KEY", "sk-none")
	dir, err := os.MkdirTemp(dir, "program")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address := freeAddress(t)
	config := filepath.Join(dir, "tollgate.yaml")
	text := `listen: ` + address + `
database: sqlite:books.db
providers:
  gpu:   { kind: vllm, url: UP/v1 }
  cloud: { kind: openai, url: UP/v1, key: env:BENCH_KEY }
models:
  free: gpu/m
  paid: { to: cloud/m, price: { input: 1, output: 10 } }
budgets:
  - { each: user, limit: 1000000 USD, per: month }
  - { each: key, limit: 1000000 USD, per: month }
  - { scope: gateway, limit: 1000000 USD, per: month }
`
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(text, "UP", up)), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command(bin, append(args, "--config", config)...)
		cmd.Dir = dir
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("tollgate %s: %v %s", strings.Join(args, " "), err, errs.String())
		}
		return strings.TrimSpace(string(out))
	}
	key, _, _ := strings.Cut(run("key", "create", "--user", "u", "--create-user"), "\n")
	if full {
		fill(t, filepath.Join(dir, "books.db"))
	}
	logs, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "serve", "--config", config)
	cmd.Dir, cmd.Stderr = dir, logs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		_ = logs.Close()
	})
	p := &tollgate{url: "http://" + address, key: key, pid: cmd.Process.Pid}
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if status, _, err := fasthttp.Get(nil, p.url+"/health/ready"); err == nil && status == 200 {
			return p
		}
		if time.Now().After(until) {
			t.Fatal("the program did not start")
		}
	}
}

func freeAddress(t *testing.T) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// load makes calls on all connections at once and returns the program's processor time
// for one.
func (p *tollgate) load(t *testing.T, model string) time.Duration {
	client := &fasthttp.Client{MaxConnsPerHost: connections}
	defer client.CloseIdleConnections()
	body := []byte(fmt.Sprintf(`{"model":%q,"max_tokens":20,"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Say hello to the people who wait in line, in one short sentence, please."}]}`, model))
	before := cpuOf(t, p.pid)
	var failed atomic.Int64
	var wg sync.WaitGroup
	for range connections {
		wg.Go(func() {
			req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			req.SetRequestURI(p.url + "/v1/chat/completions")
			req.Header.SetMethod("POST")
			req.Header.SetContentType("application/json")
			req.Header.Set("Authorization", "Bearer "+p.key)
			req.SetBody(body)
			for range callsEach {
				if err := client.Do(req, res); err != nil || res.StatusCode() != 200 {
					if failed.Add(1) == 1 {
						t.Errorf("%s: %v %d %s", model, err, res.StatusCode(), res.Body())
					}
				}
			}
		})
	}
	wg.Wait()
	return (cpuOf(t, p.pid) - before) / (connections * callsEach)
}

// cpuOf reads a process's time from the kernel, in ticks of 10 ms.
func cpuOf(t *testing.T, pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	var sum int64
	for _, f := range fields[11:13] { // utime, stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return time.Duration(sum) * 10 * time.Millisecond
}

// fill makes a database that has been in use for a long time.
func fill(t *testing.T, path string) {
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	numbers := func(n int) string {
		return fmt.Sprintf("with recursive n (i) as (select 1 union all select i + 1 from n where i < %d) ", n)
	}
	now := time.Now().UnixMicro()
	for _, text := range []string{
		numbers(manyBudgets) + `insert into users select 'user' || i, '', '', 0, '[]', 0, 'member', '{}' from n`,
		numbers(manyBudgets) + `insert into budgets select 'budget_' || i, '', 'user', 0, 'user' || i, '["gpt*"]', 5000000000, null, 'month', 'UTC', null, 0, null, null from n`,
		numbers(manyKeys) + fmt.Sprintf(`insert into keys select 'key' || i, '', lower(hex(randomblob(32))), 'abcd', 1, 'caller', 'user' || (i %% %d + 1), null, '[]', null, 0, 0, '[]', '{}', 0, null, '{}', '{}', null, null from n`, manyBudgets),
		numbers(manyBudgets) + `insert into counters select 'file-000000000000', 'user' || i, 1793491200000000, 1000000, 0 from n`,
		numbers(manyEntries) + fmt.Sprintf(`insert into entries select printf('0%%021d', i), %d + i, %d + i, printf('0%%021d', i), 'key' || (i %% %d + 1), 'user' || (i %% %d + 1), '', '', 'chat', 'paid', 'cloud/m', 'm', 0, 120000, 200000,
			20, 0, 10, 0, '{"input":20,"output":10,"requests":1}', '[]', 'v', '', 'reported', 'ok', '[]', 900, '[]', null, '', 202611, 0, '', '', '', '' from n`, now-3*manyEntries, now-3*manyEntries, manyKeys, manyBudgets),
	} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
}
