//go:build crash

package crashtest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// patience bounds every wait of these tests; nothing takes a tenth of it.
const patience = 30 * time.Second

// load is a number of clients that call one after another until they are stopped.
type load struct {
	fleet   *fleet
	seed    uint64
	running bool
	stop    atomic.Bool
	wg      sync.WaitGroup
	next    []int // the number of each client's next call
	http    *http.Client
}

// newLoad makes clients; they begin with start.
func newLoad(f *fleet, seed uint64, clients int) *load {
	return &load{fleet: f, seed: seed, next: make([]int, clients),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}}
}

// start lets every client call, beginning where it last ended. Those that call already
// go on.
func (l *load) start() {
	if l.running {
		return
	}
	l.running = true
	l.stop.Store(false)
	for i := range l.next {
		l.wg.Go(func() {
			for !l.stop.Load() {
				kills := l.fleet.kills.Load() // before: an end of the process that is picked comes after
				r, url := l.fleet.pick(&l.stop, uint64(i+l.next[i]))
				if r == nil {
					return
				}
				c := script(l.seed, i, l.next[i])
				l.next[i]++
				c.phase, c.seen.replica, c.seen.kills = l.fleet.phase.Load(), r.index, kills
				l.fleet.book.add(c)
				l.call(c, url)
				if c.seen.status == 0 && !c.seen.cut {
					time.Sleep(25 * time.Millisecond) // nobody is there: no need to hurry
				}
			}
		})
	}
}

// end waits until every client has its answer.
func (l *load) end() {
	l.stop.Store(true)
	l.wg.Wait()
	l.running = false
	l.http.CloseIdleConnections()
}

// call makes one call and notes what comes back.
func (l *load) call(c *call, url string) {
	defer c.done.Store(true)
	s := &c.seen
	began := time.Now()
	defer func() { s.took = time.Since(began) }()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if c.cutTime > 0 {
		time.AfterFunc(c.cutTime, func() { cancel() })
	}
	limit := ""
	if c.cap > 0 {
		limit = fmt.Sprintf(`,"max_tokens":%d`, c.cap)
	}
	body := fmt.Sprintf(`{"model":%q,"user":%q,"stream":%t,"messages":[{"role":"user","content":%q}]%s}`, c.model, c.id, c.stream, c.text, limit)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		s.broke = err.Error()
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+l.fleet.keys[c.who])
	res, err := l.http.Do(req)
	if err != nil {
		s.cut, s.broke = errors.Is(err, context.Canceled), err.Error()
		return
	}
	defer res.Body.Close()
	s.status, s.requestID = res.StatusCode, res.Header.Get("X-Request-Id")
	s.cost, s.attempts = res.Header.Get("X-Tollgate-Cost"), res.Header.Get("X-Tollgate-Attempts")
	if res.StatusCode == http.StatusOK && c.stream {
		err = s.events(res.Body, c.cutAfter)
	} else {
		err = s.whole(res.Body)
	}
	if err != nil {
		s.cut, s.broke = s.cut || errors.Is(err, context.Canceled), err.Error()
	}
}

// answer is what the tests read of an answer or of one event.
type answer struct {
	Choices []struct {
		Delta, Message struct{ Content string }
	}
	Error *struct{ Code string }
}

func (s *seen) take(data []byte) error {
	var v answer
	if err := json.Unmarshal(data, &v); err != nil {
		return fmt.Errorf("not JSON: %w: %.200s", err, data)
	}
	if v.Error != nil {
		if s.code = v.Error.Code; s.code == "" {
			s.code = "(none)"
		}
	}
	for _, c := range v.Choices {
		s.tokens += int64(len(c.Delta.Content)+len(c.Message.Content)) / int64(len(word))
	}
	return nil
}

func (s *seen) whole(body io.Reader) error {
	b, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	s.complete = true
	return s.take(b)
}

// errLeft is how a client's own leaving ends a stream.
var errLeft = errors.New("the client left")

func (s *seen) events(body io.Reader, cutAfter int64) error {
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case !ok:
			continue
		case data == "[DONE]":
			s.complete = true
			for lines.Scan() { // to the end of the body, so that the connection can be used again
			}
			return nil
		}
		if err := s.take([]byte(data)); err != nil {
			return err
		}
		if cutAfter > 0 && s.tokens >= cutAfter {
			s.cut = true
			return errLeft // closing the body closes the connection
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}
