package fleet

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errBusy = errors.New("somebody else works on it")

// lease is how long a dead runner's leases last.
const lease = time.Minute

// place is what runners share: their leases, and the targets, each of which is locked while it is worked on.
type place struct {
	mu     sync.Mutex
	shards map[Shard]*hold
	locks  map[string]time.Time // until when the lock of a target holds; zero: free
	worked map[string]int       // how often a target was worked on to its end
	news   []string
}

func newPlace() *place {
	return &place{shards: map[Shard]*hold{}, locks: map[string]time.Time{}, worked: map[string]int{}}
}

// hold is a share that is held until it is given back, or a lease after its holder died.
type hold struct {
	place *place
	shard Shard
	until time.Time // zero: its holder lives
	lost  chan struct{}
}

func (c *hold) free() bool            { return !c.until.IsZero() && time.Now().After(c.until) }
func (c *hold) Lost() <-chan struct{} { return c.lost }
func (c *hold) Err() error            { return errors.New("the lease is lost") }

func (c *hold) Release(context.Context) error {
	c.place.mu.Lock()
	defer c.place.mu.Unlock()
	if c.place.shards[c.shard] == c {
		delete(c.place.shards, c.shard)
	}
	return nil
}

func (p *place) Lease(ctx context.Context, shard Shard, patience time.Duration) (Lease, error) {
	for deadline := time.Now().Add(patience); ; {
		p.mu.Lock()
		if there := p.shards[shard]; there == nil || there.free() {
			c := &hold{place: p, shard: shard, lost: make(chan struct{})}
			p.shards[shard] = c
			p.mu.Unlock()
			return c, nil
		}
		p.mu.Unlock()
		if !time.Now().Before(deadline) {
			return nil, errBusy
		}
		if err := pause(ctx, time.Second); err != nil {
			return nil, err
		}
	}
}

func (p *place) Look(_ context.Context, count int) ([]Seen, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []Seen
	for shard, c := range p.shards {
		if shard.Count != count {
			continue
		}
		ended := -lease
		if !c.until.IsZero() {
			ended = time.Since(c.until)
		}
		all = append(all, Seen{Shard: shard, Holder: "a runner", Ended: ended})
	}
	return all, nil
}

// die leaves everything of a shard's runner as it is.
func (p *place) die(shard Shard) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shards[shard].until = time.Now().Add(lease)
}

// runner works a minute on each target, until it dies.
func (p *place) runner(t *testing.T, targets []string, shard Shard) Run {
	return Run{
		Targets: targets, Shard: shard, Concurrent: 2, Board: p, Patience: 2 * lease,
		Locked: func(err error) bool { return errors.Is(err, errBusy) },
		Tell: func(news string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.news = append(p.news, news)
		},
		Work: func(ctx context.Context, target string) error {
			p.mu.Lock()
			if time.Now().Before(p.locks[target]) {
				p.mu.Unlock()
				return errBusy
			}
			p.locks[target] = time.Now().Add(time.Minute + lease)
			p.mu.Unlock()
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.worked[target]++
			p.locks[target] = time.Time{}
			return nil
		},
	}
}

func (p *place) mustBeWhole(t *testing.T, targets []string) {
	t.Helper()
	for _, target := range targets {
		if p.worked[target] == 0 {
			t.Errorf("nobody finished %s", target)
		}
	}
}

// Four runners share a fleet; one dies at some moment, and everything gets done all the same.
func TestShareOfADeadRunnerIsTakenOver(t *testing.T) {
	for _, after := range []time.Duration{time.Second, 90 * time.Second, 150 * time.Second, 179 * time.Second} {
		t.Run(after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, targets := newPlace(), names(24)
				var runners sync.WaitGroup
				all := make([][]Result, 4)
				for i := range 3 {
					runners.Go(func() {
						var err error
						if all[i], err = p.runner(t, targets, Shard{i + 1, 4}).Do(t.Context()); err != nil {
							t.Error(err)
						}
					})
				}
				dying, kill := context.WithCancel(t.Context())
				gone := make(chan struct{})
				go func() {
					defer close(gone)
					run := p.runner(t, targets, Shard{4, 4})
					run.Board = mortal{p}
					_, _ = run.Do(dying)
				}()
				time.Sleep(after)
				p.die(Shard{4, 4})
				kill()
				<-gone
				runners.Wait()
				p.mustBeWhole(t, targets)
				var taken []string
				for _, result := range slices.Concat(all...) {
					if result.Err != nil {
						t.Errorf("%s: %v", result.Target, result.Err)
					}
					if result.TakenOver {
						taken = append(taken, result.Target)
					}
				}
				slices.Sort(taken)
				if diff := cmp.Diff(Shard{4, 4}.Of(targets), taken); diff != "" {
					t.Errorf("taken over (-the dead runner's +got):\n%s", diff)
				}
			})
		})
	}
}

// mortal is the board of a runner that dies: it gives nothing back.
type mortal struct{ *place }

func (m mortal) Lease(ctx context.Context, shard Shard, patience time.Duration) (Lease, error) {
	c, err := m.place.Lease(ctx, shard, patience)
	return keeper{c}, err
}

type keeper struct{ Lease }

func (keeper) Release(context.Context) error { return nil }

// A runner takes over no share of a runner that died before it started.
func TestOldDeathsAreLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, targets := newPlace(), names(8)
		if _, err := p.Lease(t.Context(), Shard{2, 2}, 0); err != nil {
			t.Fatal(err)
		}
		p.die(Shard{2, 2})
		time.Sleep(lease + time.Second)
		results, err := p.runner(t, targets, Shard{1, 2}).Do(t.Context())
		if err != nil || len(results) != 4 {
			t.Errorf("%d results, %v", len(results), err)
		}
	})
}

// A target that is locked is left for the others, and come back to for as long as the patience lasts.
func TestLockedTargetsAreComeBackTo(t *testing.T) {
	for _, test := range []struct {
		name   string
		locked time.Duration
		want   error
	}{{"until it is free", 3 * time.Minute, nil}, {"in vain", time.Hour, errBusy}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, targets := newPlace(), names(5)
				p.locks["team-001"] = time.Now().Add(test.locked)
				run := p.runner(t, targets, Shard{})
				run.Board = nil
				began := time.Now()
				results, err := run.Do(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, result := range results {
					want := error(nil)
					if result.Target == "team-001" {
						want = test.want
					}
					if !errors.Is(result.Err, want) {
						t.Errorf("%s: %v, want %v", result.Target, result.Err, want)
					}
				}
				if took := time.Since(began); took > 6*time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// A runner whose lease is lost starts nothing new; one that is stopped reports the targets that it did not start.
func TestRunsThatAreStopped(t *testing.T) {
	stopped := errors.New("stopped")
	for _, test := range []struct {
		name string
		stop func(p *place, cancel context.CancelCauseFunc)
		want string
	}{
		{"by its lease", func(p *place, _ context.CancelCauseFunc) { close(p.shards[Shard{1, 2}].lost) }, "the lease is lost"},
		{"by somebody", func(_ *place, cancel context.CancelCauseFunc) { cancel(stopped) }, "stopped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, targets := newPlace(), names(20)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				time.AfterFunc(90*time.Second, func() { test.stop(p, cancel) })
				results, err := p.runner(t, targets, Shard{1, 2}).Do(ctx)
				if err != nil {
					t.Fatal(err)
				}
				done := 0
				for _, result := range results {
					if result.Err == nil {
						done++
					} else if !strings.Contains(result.Err.Error(), test.want) {
						t.Errorf("%s: %v", result.Target, result.Err)
					}
				}
				if done != 2 || len(results) != 10 {
					t.Errorf("%d of %d targets are done", done, len(results))
				}
			})
		})
	}
}

func TestShareThatSomebodyHasIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, targets := newPlace(), names(4)
		held, err := p.Lease(t.Context(), Shard{1, 1}, 0)
		if err != nil {
			t.Fatal(err)
		}
		run := p.runner(t, targets, Shard{1, 1})
		run.Patience = time.Second
		if _, err := run.Do(t.Context()); !errors.Is(err, errBusy) {
			t.Errorf("got %v, want that somebody has it", err)
		}
		run.Patience = time.Hour
		time.AfterFunc(time.Minute, func() { _ = held.Release(t.Context()) })
		if results, err := run.Do(t.Context()); err != nil || len(results) != 4 {
			t.Errorf("%d results, %v", len(results), err)
		}
	})
}

func ExampleShard_Of() {
	fleet := []string{"shop-dev", "shop-prod", "blog-dev", "blog-prod"}
	for i := 1; i <= 2; i++ {
		fmt.Println(i, Shard{i, 2}.Of(fleet))
	}
	// Output:
	// 1 [blog-dev shop-dev]
	// 2 [blog-prod shop-prod]
}
