package state

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"provision/pkg/clock"
	"provision/pkg/graph"
)

// slowPlace is where saves take a second each.
type slowPlace struct {
	mu    sync.Mutex
	saves []time.Duration // when each ended, from the start
	last  Document
	err   error // of every save from now on
}

func (p *slowPlace) open(linger time.Duration) *ledger {
	began := time.Now()
	save := func(ctx context.Context, d Document) error {
		if err := clock.Sleep(ctx, time.Second); err != nil {
			return err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.saves = append(p.saves, time.Since(began))
		if p.err == nil {
			p.last = d
		}
		return p.err
	}
	begun := Document{Schema: Schema, Head: someHead}
	return newLedger(context.Background(), "there", begun, ledgerOptions{now: time.Now, linger: linger}, save)
}

// pass lets time pass, in the bubble of a test.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	mustDo(t, clock.Sleep(t.Context(), d))
}

func TestChangesDuringASaveShareTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var place slowPlace
		j := journal{place.open(0), "eu-west-1"}
		var group sync.WaitGroup
		for n := range 100 {
			group.Go(func() {
				if err := j.Claim(t.Context(), claims(graph.Key(fmt.Sprint("thing/", n)))); err != nil {
					t.Error(err)
				}
				if err := j.Bind(graph.Key(fmt.Sprint("thing/", n)), fmt.Sprint("id-", n)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		mustDo(t, j.Flush(t.Context()))
		if len(place.saves) > 4 || len(place.last.Regions["eu-west-1"].Resources) != 100 {
			t.Errorf("%d saves, the last with %d things", len(place.saves), len(place.last.Regions["eu-west-1"].Resources))
		}
		j.close()
	})
}

func TestBindsLingerAndClaimsDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var place slowPlace
		j := journal{place.open(10 * time.Second), "eu-west-1"}
		mustDo(t, j.Bind("a", "id-a"))
		pass(t, 5*time.Second)
		mustDo(t, j.Bind("b", "id-b"))
		pass(t, 15*time.Second)
		mustDo(t, j.Bind("c", "id-c"))
		pass(t, time.Second)
		mustDo(t, j.Claim(t.Context(), claims("d")))
		want := []time.Duration{11 * time.Second, 22 * time.Second}
		if diff := cmp.Diff(want, place.saves); diff != "" {
			t.Error(diff)
		}
		j.close()
	})
}

func TestWaitEndsWithItsContextAndTheSaveGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var place slowPlace
		j := journal{place.open(0), "eu-west-1"}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := j.Claim(ctx, claims("a")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		j.close()
		if _, ok := place.last.Regions["eu-west-1"].Resources["a"]; !ok {
			t.Error("what was begun was not ended")
		}
	})
}

func TestStaleWriterNeverTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := slowPlace{err: ErrStale}
		j := journal{place.open(0), "eu-west-1"}
		for range 3 {
			if err := j.Claim(t.Context(), claims("a")); !errors.Is(err, ErrStale) {
				t.Errorf("claim: %v", err)
			}
			if err := j.Flush(t.Context()); !errors.Is(err, ErrStale) {
				t.Errorf("flush: %v", err)
			}
		}
		if len(place.saves) != 1 {
			t.Errorf("%d saves", len(place.saves))
		}
		j.close()
	})
}

// A journal is a map: whatever is claimed, bound and forgotten, it has what a map has, and so has the place after a
// claim or a flush.
func TestJournalIsAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var durable Document
		save := func(_ context.Context, d Document) error { durable = d; return nil }
		now := func() time.Time { return someTime }
		l := newLedger(context.Background(), "there", Document{Head: someHead}, ledgerOptions{now: now}, save)
		j, want := journal{l, "eu-west-1"}, map[graph.Key]Resource{}
		key := rapid.SampledFrom([]graph.Key{"a", "b/1", "b/2"})
		check := func() {
			if got := durable.Regions["eu-west-1"].Resources; !maps.EqualFunc(got, want, sameResource) {
				t.Fatalf("durable is %v, want %v", got, want)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"claim": func(t *rapid.T) {
				c := graph.Claim{Key: key.Draw(t, "key"), Nonce: rapid.StringMatching("[a-z]{3}").Draw(t, "nonce")}
				want[c.Key] = Resource{Nonce: c.Nonce, Since: someTime}
				if err := j.Claim(context.Background(), []graph.Claim{c}); err != nil {
					t.Fatal(err)
				}
				check()
			},
			"bind": func(t *rapid.T) {
				k, id := key.Draw(t, "key"), rapid.StringMatching("[a-z]{3}").Draw(t, "id")
				want[k] = Resource{ID: id, Nonce: want[k].Nonce, Since: someTime}
				if err := j.Bind(k, id); err != nil {
					t.Fatal(err)
				}
			},
			"forget": func(t *rapid.T) {
				k := key.Draw(t, "key")
				delete(want, k)
				if err := j.Forget(k, ""); err != nil {
					t.Fatal(err)
				}
			},
			"flush": func(t *rapid.T) {
				if err := j.Flush(context.Background()); err != nil {
					t.Fatal(err)
				}
				check()
			},
			"": func(t *rapid.T) {
				got := j.Entries()
				byKey := func(a, b graph.Entry) int { return strings.Compare(string(a.Key), string(b.Key)) }
				if len(got) != len(want) || !slices.IsSortedFunc(got, byKey) {
					t.Fatalf("entries %v, want %v", got, want)
				}
				for _, entry := range got {
					if !sameResource(want[entry.Key], resourceOf(entry)) {
						t.Fatalf("entry %v, want %v", entry, want[entry.Key])
					}
				}
			},
		})
		l.close()
	})
}

func sameResource(a, b Resource) bool {
	return a.ID == b.ID && a.Nonce == b.Nonce && a.Since.Equal(b.Since) && slices.Equal(a.Former, b.Former)
}
