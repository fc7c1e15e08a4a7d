package redislimits

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"tollgate/gateway/limits"
	"tollgate/gateway/limits/limitstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func address(t *testing.T) string {
	t.Helper()
	url := os.Getenv("TOLLGATE_TEST_REDIS")
	if url == "" {
		t.Fatal("TOLLGATE_TEST_REDIS is not set: run the tests with make test, or under .ci/services run")
	}
	return url
}

func TestContract(t *testing.T) {
	url, prefix := address(t), "test-"+rand.Text()
	s, err := Open(url, prefix)
	if err != nil {
		t.Fatal(err)
	}
	keys := func() []string {
		all, err := s.client.Keys(context.Background(), s.prefix+"*").Result()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	t.Cleanup(func() {
		if all := keys(); len(all) > 0 {
			s.client.Del(context.Background(), all...)
		}
		_ = s.Close()
	})
	slots := func(key string) bool { return strings.HasPrefix(key, s.prefix+"2:") }
	limitstest.Run(t, limitstest.Server{
		Open: func(t *testing.T) limits.Backend {
			s, err := Open(url, prefix)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		Expire: func(t *testing.T) {
			for _, key := range keys() {
				if slots(key) {
					for _, name := range s.client.ZRange(t.Context(), key, 0, -1).Val() {
						s.client.ZAdd(t.Context(), key, redis.Z{Score: 1, Member: name})
					}
				}
			}
		},
		Later: func(t *testing.T, d time.Duration) {
			for _, key := range keys() {
				if slots(key) {
					continue
				}
				var at, level, part int64
				if _, err := fmt.Sscan(s.client.Get(t.Context(), key).Val(), &at, &level, &part); err != nil {
					continue // it has just expired
				}
				// It expires by the time, not by what is written.
				ttl := s.client.PTTL(t.Context(), key).Val() + min(d, 0)
				if ttl <= 0 {
					s.client.Del(t.Context(), key)
					continue
				}
				s.client.Set(t.Context(), key, fmt.Sprintf("%d %d %d", at+d.Microseconds(), level, part), ttl)
			}
		},
		Count: func(*testing.T) int { return len(keys()) },
	})
}

// TestPrefixesShareNothing: two gateways at one server.
func TestPrefixesShareNothing(t *testing.T) {
	for _, prefix := range []string{"test-" + rand.Text(), "test-{" + rand.Text() + "}"} {
		s, err := Open(address(t), prefix)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		ask := limits.Ask{Bucket: limits.Bucket{Rule: "r"}, Limit: 1, Units: 1}
		if ok, _, err := s.Take(t.Context(), []limits.Ask{ask}, ""); !ok || err != nil {
			t.Errorf("%s: %v %v", prefix, ok, err)
		}
		key := s.prefix + ask.Bucket.Key()
		if strings.Count(key, "{") != 1 || strings.Count(key, "}") != 1 {
			t.Errorf("the key %s has no single hash tag", key)
		}
		s.client.Del(t.Context(), key)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, url := range []string{"", "http://u:secret@h", "redis://u:secret@h/x", "localhost:6379", "redis://u:secret@h:port\x00"} {
		if _, err := Open(url, "p"); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// TestNobodyThere: a server that is not there is an error within the deadline, not a
// hang.
func TestNobodyThere(t *testing.T) {
	s, err := Open("redis://127.0.0.1:1", "p")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, _, err := s.Take(ctx, []limits.Ask{{Limit: 1, Units: 1}}, ""); err == nil || ctx.Err() != nil {
		t.Errorf("%v", err)
	}
}
