//go:build bench

package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3" // to fill databases
)

// tollgate is one running program with everything on: keys checked, access to models
// and three budgets checked, use recorded, durable books.
type tollgate struct {
	address string
	key     string
	config  string
	dir     string
	bin     string
	core    int
	cmd     *exec.Cmd
	logs    *os.File
}

// startWithin is how long a start may take, and an end.
const startWithin = 30 * time.Second

// newTollgate makes a database with a key in it, and starts nothing. free and paid are
// the upstreams of the model that is free and of the one that is paid for.
func newTollgate(p plan, core int, name, free, paid string) (*tollgate, error) {
	t := &tollgate{address: freeAddress(), dir: filepath.Join(p.dir, name), core: core}
	var err error
	if t.bin, err = filepath.Abs(p.program); err != nil {
		return nil, err
	}
	if t.dir, err = filepath.Abs(t.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return nil, err
	}
	t.config = filepath.Join(t.dir, "tollgate.yaml")
	text := fmt.Sprintf(`listen: %s
database: sqlite:books.db
providers:
  gpu:   { kind: vllm, url: "http://%s/v1" }
  cloud: { kind: openai, url: "http://%s/v1", key: env:BENCH_KEY }
models:
  free: gpu/m
  paid: { to: cloud/m, price: { input: 1, output: 10 } }
budgets:
  - { each: user, limit: 1000000 USD, per: month }
  - { each: key, limit: 1000000 USD, per: month }
  - { scope: gateway, limit: 1000000 USD, per: month }
`, t.address, free, paid)
	if err := os.WriteFile(t.config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	t.key, err = t.run("key", "create", "--quiet", "--user", "bench", "--create-user", "--models", "free,paid")
	return t, err
}

func freeAddress() string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail("%v", err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func (t *tollgate) command(args ...string) *exec.Cmd {
	cmd := exec.Command(t.bin, append(args, "--config", t.config)...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), "BENCH_KEY=sk-none")
	return cmd
}

// run runs a command of the program and returns what it prints.
func (t *tollgate) run(args ...string) (string, error) {
	cmd := t.command(args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("tollgate %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// start starts the server and returns how long it took until a free call was answered.
func (t *tollgate) start() (time.Duration, error) {
	logs, err := os.Create(filepath.Join(t.dir, "log"))
	if err != nil {
		return 0, err
	}
	t.logs = logs
	t.cmd = t.command("serve")
	t.cmd.Stderr = logs
	began := time.Now()
	if err := startOn(t.cmd, t.core); err != nil {
		return 0, err
	}
	request := load{size: 200}.request(target{address: t.address, key: t.key, model: "free"})
	for time.Since(began) < startWithin {
		if answers(t.address, request) {
			return time.Since(began), nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	said, _ := os.ReadFile(logs.Name())
	return 0, fmt.Errorf("no answer within %v: %s", startWithin, said)
}

// answers says whether a server answers a request with 200.
func answers(address string, request []byte) bool {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return false
	}
	if _, err := c.Write(request); err != nil {
		return false
	}
	var b [12]byte
	n, _ := c.Read(b[:])
	return string(b[:n]) == "HTTP/1.1 200"
}

func (t *tollgate) target(model string) target {
	return target{address: t.address, key: t.key, model: model, pid: t.cmd.Process.Pid}
}

// stop ends the server as an operator would.
func (t *tollgate) stop() error {
	if t.cmd == nil {
		return nil
	}
	err := t.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(startWithin, func() { _ = t.cmd.Process.Kill() })
	defer kill.Stop()
	err = errors.Join(err, t.cmd.Wait(), t.logs.Close())
	t.cmd = nil
	return err
}

// booked asks the books how many calls they hold, and their tokens.
func (t *tollgate) booked() (free, paid counted, err error) {
	out, err := t.run("usage", "--json", "--last", "24h", "--user", "bench")
	if err != nil {
		return free, paid, err
	}
	var u struct {
		Total struct{ Free, Paid counted }
	}
	err = json.Unmarshal([]byte(out), &u)
	return u.Total.Free, u.Total.Paid, err
}

type counted struct {
	Calls  int64 `json:"calls"`
	Input  int64 `json:"input_tokens"`
	Output int64 `json:"output_tokens"`
}

// fill makes a database that has been in use for a long time: keys, their users, a
// counter for each, and entries.
func (t *tollgate) fill(keys, entries int) error {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(t.dir, "books.db")+"?_journal_mode=WAL")
	if err != nil {
		return err
	}
	defer db.Close()
	numbers := func(n int) string {
		return fmt.Sprintf("with recursive n (i) as (select 1 union all select i + 1 from n where i < %d) ", n)
	}
	now := time.Now().UnixMicro()
	users := max(keys/10, 1)
	for _, text := range []string{
		numbers(users) + `insert into users (id, name, email, blocked, models, created_at) select 'user' || i, '', '', 0, '[]', 0 from n`,
		numbers(keys) + fmt.Sprintf(`insert into keys (id, name, digest, hint, own_form, role, user_id, models, blocked, end_users, budget_fallback, metadata, created_at)
			select 'key' || i, 'key ' || i, lower(hex(randomblob(32))), 'abcd', 1, 'caller', 'user' || (i %% %d + 1), '["free","paid"]', 0, 0, '[]', '{}', 0 from n`, users),
		numbers(keys) + `insert into counters (budget_id, account_id, period_start, posted, held) select 'file-000000000000', 'key' || i, 1793491200000000, 1000000, 0 from n`,
		numbers(max(entries, 1)) + fmt.Sprintf(`insert into entries (id, at, held_at, request_id, key_id, user_id, team_id, end_user, operation, model, deployment, answered, stream, cost, held,
				input, cached, output, reasoning, usage, lines, price_version, tier, source, status, flags, took_us, claims, corrects, writer, month, seq, hash, org_id, reason, actor)
			select printf('0%%021d', i), %d + i, %d + i, printf('0%%021d', i), 'key' || (i %% %d + 1), 'user' || (i %% %d + 1), '', '', 'chat', 'paid', 'cloud/m', 'm', 0, 120000, 200000,
				20, 0, 10, 0, '{"input":20,"output":10,"requests":1}', '[]', 'v', '', 'reported', 'ok', '[]', 900, '[]', null, '', 202611, 0, '', '', '', '' from n where %d > 0`,
			now-3*int64(entries), now-3*int64(entries), keys, users, entries),
	} {
		if _, err := db.Exec(text); err != nil {
			return fmt.Errorf("%w: %.60s", err, text)
		}
	}
	return nil
}
