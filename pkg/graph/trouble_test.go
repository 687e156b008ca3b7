package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// alone is a graph of one resource, which is ready at once and may be there twice.
var alone = shape{nodes: []node{{key: "a/0"}}}

// faulty is a journal of which some writes fail. It counts all.
type faulty struct {
	*notebook
	fails  string // such as "bind a/0"; a claim is of several keys and named "claim"
	nth    int    // which of them, from 1
	writes []string
}

var errJournal = errors.New("disk full")

func (f *faulty) write(what string, do func() error) error {
	f.mu.Lock()
	f.writes = append(f.writes, what)
	n := 0
	for _, earlier := range f.writes {
		if earlier == f.fails {
			n++
		}
	}
	f.mu.Unlock()
	if what == f.fails && n == max(1, f.nth) {
		return errJournal
	}
	return do()
}

func (f *faulty) Claim(ctx context.Context, claims []Claim) error {
	return f.write("claim", func() error { return f.notebook.Claim(ctx, claims) })
}

func (f *faulty) Bind(key Key, id string) error {
	return f.write("bind "+string(key), func() error { return f.notebook.Bind(key, id) })
}

func (f *faulty) Forget(key Key, id string) error {
	return f.write("forget "+string(key)+" "+id, func() error { return f.notebook.Forget(key, id) })
}

// A fact that can't be recorded is an error, and nothing is done that builds on it.
func TestAJournalThatCanNotBeWrittenStopsTheRun(t *testing.T) {
	noA := func(j *notebook) { j.entries["z/0"] = Entry{Key: "z/0", ID: "gone"} }
	for _, c := range []struct {
		name   string
		shape  shape
		before func(*world, *notebook)
		fails  string
		nth    int
		calls  []string
	}{
		{name: "the claims", shape: alone, fails: "claim"},
		{
			name: "what the plan found", shape: alone, fails: "bind a/0",
			before: func(w *world, _ *notebook) { w.plant("a/0", toyOwner.ID, toyOwner.Stack) },
		},
		{
			name: "what is gone", shape: shape{nodes: alone.nodes, kinds: []node{{key: "a/0"}, {key: "z/0"}}}, fails: "forget z/0 gone",
			before: func(_ *world, j *notebook) { noA(j) },
		},
		{name: "what was created", shape: chain, fails: "bind a/0", calls: []string{"create a/0"}},
		{
			name: "what was found", shape: chain, fails: "bind a/0", calls: []string{"create a/0"},
			before: func(w *world, _ *notebook) { w.fault = func(int, string) fate { return lostAfter } },
		},
		{
			name: "what was deleted", shape: shape{nodes: alone.nodes, kinds: []node{{key: "a/0"}, {key: "z/0"}}},
			fails: "forget z/0 planted-1", calls: []string{"create a/0", "update a/0 plain", "delete z/0"},
			before: func(w *world, _ *notebook) { w.plant("z/0", toyOwner.ID, toyOwner.Stack) },
		},
		{
			name: "the claim of a replacement", shape: alone, fails: "claim", calls: []string{"delete a/0"},
			before: func(w *world, _ *notebook) { w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].Dead = true },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				if c.before != nil {
					c.before(w, j)
				}
				err := up(t.Context(), toyEngine(&faulty{notebook: j, fails: c.fails, nth: c.nth}), c.shape.build(w))
				if !errors.Is(err, errJournal) {
					t.Errorf("up: %v, want %v", err, errJournal)
				}
				if diff := cmp.Diff(c.calls, w.calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A run that changes nothing writes nothing.
func TestAnIdleRunLeavesTheJournalAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		again := &faulty{notebook: j}
		if err := up(t.Context(), toyEngine(again), chain.build(w)); err != nil || len(again.writes) > 0 {
			t.Errorf("an idle run: %v, and it wrote %v", err, again.writes)
		}
	})
}

// tied goes with "a", by the cloud's own hand.
type tied struct{ toyKind }

func (tied) GoesWith() string { return "a" }

func TestWhatGoesWithAnotherIsForgottenAndNotDeleted(t *testing.T) {
	for _, fails := range []string{"", "forget b/0 planted-2"} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			w.plant("a/0", toyOwner.ID, toyOwner.Stack)
			w.plant("b/0", toyOwner.ID, toyOwner.Stack)
			g := New("toyland")
			AddKind(g, tied{toyKind{world: w, name: "b"}})
			AddKind(g, toyKind{world: w, name: "a"}, "b")
			e, told := toyEngine(&faulty{notebook: j, fails: fails}), events{}
			e.Events = told.note
			if err := down(t.Context(), e, g); !errors.Is(err, errJournal) == (fails != "") {
				t.Errorf("down: %v, where %q fails", err, fails)
			}
			if slices.Contains(w.calls, "delete b/0") || !slices.Contains(told["b/0"], Deleted) {
				t.Errorf("calls %v, events of b/0 %v", w.calls, told["b/0"])
			}
		})
	}
}

type events map[Key][]EventType

// noting keeps the notes of steps that end side by side apart.
var noting sync.Mutex

func (e events) note(event Event) {
	noting.Lock()
	defer noting.Unlock()
	e[event.Key] = append(e[event.Key], event.Type)
}

func TestAReplacementTellsWhatItDoes(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].Dead = true
		e, told := toyEngine(j), events{}
		e.Events = told.note
		if err := up(t.Context(), e, alone.build(w)); err != nil {
			t.Fatal(err)
		}
		want := []EventType{Deleting, Deleting, Deleted, Creating, Created, Updating, EventReady}
		if diff := cmp.Diff(want, told["a/0"]); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// A creation ends by what its error means: only what may have happened is looked for, and only what may pass is repeated.
func TestACreationsError(t *testing.T) {
	always := func(f fate) func(int, string) fate { return func(int, string) fate { return f } }
	once := func(f fate) func(int, string) fate {
		return func(n int, _ string) fate {
			if n == 1 {
				return f
			}
			return fine
		}
	}
	safe := shape{nodes: []node{{key: "a/0", safe: true}}}
	for _, c := range []struct {
		name    string
		shape   shape
		fault   func(int, string) fate
		creates int // at least 2 where it is repeated for a while
		reads   int // after the plan's; -1: any
		err     error
		least   time.Duration
		most    time.Duration
	}{
		{name: "refused", shape: alone, fault: always(refused), creates: 1, err: errToyRefused},
		{name: "throttled", shape: alone, fault: once(throttled), creates: 2, most: time.Second},
		{name: "throttled for good", shape: alone, fault: always(throttled), creates: -1, err: errToyThrottled, least: longPatience, most: longPatience + longestRetry*2},
		{name: "something absent for good", shape: alone, fault: always(absent), creates: -1, err: errToyAbsent, least: patience, most: patience + longestRetry*2},
		{name: "lost, and there", shape: alone, fault: once(lostAfter), creates: 1, reads: 1},
		{name: "lost, and not there", shape: alone, fault: once(lostBefore), creates: 2, reads: lostLooks, least: 10 * time.Second, most: time.Minute},
		{name: "lost, and safe to repeat", shape: safe, fault: once(lostAfter), creates: 2, most: time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				e, g := toyEngine(j), c.shape.build(w)
				plan := mustPlan(t, e, g)
				w.fault = c.fault
				reads, start := w.reads, time.Now()
				if err := e.Apply(t.Context(), plan); !errors.Is(err, c.err) {
					t.Errorf("Apply() = %v, want %v", err, c.err)
				}
				if took := time.Since(start); took < c.least || took > c.most {
					t.Errorf("it took %s, want %s to %s", took, c.least, c.most)
				}
				creates := 0
				for _, call := range w.calls {
					if call == "create a/0" {
						creates++
					}
				}
				if creates != c.creates && (c.creates > 0 || creates < 2) || w.reads-reads != c.reads {
					t.Errorf("%d creations, %d looks, want %d, %d", creates, w.reads-reads, c.creates, c.reads)
				}
			})
		})
	}
}

// A resource that exists already, by the creation's error, is used if it is this stack's.
func TestWhatIsThereAlreadyIsFound(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		sole := shape{nodes: []node{{key: "a/0", sole: true}}}
		plan := mustPlan(t, toyEngine(j), sole.build(w))
		id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[id].Attrs["looks"] = ""
		if err := toyEngine(j).Apply(t.Context(), plan); err != nil || j.entries["a/0"].ID != id {
			t.Errorf("Apply() = %v, and a/0 is %q, want %s", err, j.entries["a/0"].ID, id)
		}
	})
}

// A creation whose answer was lost is not repeated while its outcome is unknown.
func TestALostCreationIsNotRepeatedUnseen(t *testing.T) {
	stopped := errors.New("Ctrl-C")
	for _, c := range []struct {
		name    string
		blind   error
		times   int // that the list fails
		stop    bool
		twice   bool
		outcome fate
		want    error
		looks   int
	}{
		{name: "the list is refused", outcome: lostAfter, blind: errToyRefused, times: 1 << 30, want: errToyRefused, looks: 1},
		{name: "the list's answer is lost", outcome: lostAfter, blind: errToyLost, times: 2, looks: 3},
		{name: "the list is throttled", outcome: lostAfter, blind: errToyThrottled, times: 2, looks: 3},
		{name: "the run is stopped", outcome: lostBefore, stop: true, want: stopped, looks: 1},
		{name: "two others are there", outcome: lostBefore, twice: true, want: &DuplicateError{}, looks: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				e, g := toyEngine(j), alone.build(w)
				plan := mustPlan(t, e, g)
				ctx, stop := context.WithCancelCause(t.Context())
				w.fault = func(n int, _ string) fate {
					if n > 1 {
						return fine
					}
					if c.twice {
						w.plant("a/0", toyOwner.ID, toyOwner.Stack)
						w.plant("a/0", toyOwner.ID, toyOwner.Stack)
					}
					return c.outcome
				}
				looks := 0
				w.blind = func(string) error {
					if looks++; c.stop {
						stop(stopped)
					}
					if looks <= c.times {
						return c.blind
					}
					return nil
				}
				err := e.Apply(ctx, plan)
				_, duplicate := errors.AsType[*DuplicateError](err)
				if c.twice != duplicate || !c.twice && !errors.Is(err, c.want) || c.want != nil && !strings.Contains(message(err), "its outcome can't be read") {
					t.Errorf("Apply() = %v, want %v", err, c.want)
				}
				if creates := slices.DeleteFunc(w.calls, func(call string) bool { return call != "create a/0" }); len(creates) != 1 || looks != c.looks {
					t.Errorf("%d creations, %d looks, want 1, %d", len(creates), looks, c.looks)
				}
			})
		})
	}
}

// A failed resource that can't be deleted is not created a second time.
func TestWhatFailedAndCanNotBeDeletedStays(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].Dead = true
		w.fault = func(int, string) fate { return refused }
		err := up(t.Context(), toyEngine(j), alone.build(w))
		if !errors.Is(err, errToyRefused) || !cmp.Equal(w.calls, []string{"delete a/0"}) {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
}

// Resources that went with a deleted and recreated one are created again by the same run.
func TestWhatWentWithAReplacementComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		two := shape{nodes: []node{{key: "a/0"}, {key: "b/0"}}}
		if err := up(t.Context(), toyEngine(j), two.build(w)); err != nil {
			t.Fatal(err)
		}
		w.things[j.entries["a/0"].ID].Dead = true
		w.fault = func(_ int, call string) fate {
			if call == "delete a/0" {
				delete(w.things, j.entries["b/0"].ID)
			}
			return fine
		}
		if err := up(t.Context(), toyEngine(j), two.build(w)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a/0", "b/0"}, w.keys()); diff != "" {
			t.Errorf("what is there (-want +got):\n%s", diff)
		}
	})
}

// A resource that failed during a wait and was deleted has no ID for its dependents.
func TestWhatWasDiscardedIsReferredToNoMore(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		slow := shape{nodes: []node{{key: "a/0", takes: time.Minute}}}
		g := slow.build(w)
		w.fault = func(_ int, call string) fate {
			if call == "create a/0" && len(j.Entries()) > 0 && j.Entries()[0].Nonce != "" && len(w.calls) > 2 {
				return refused
			}
			return fine
		}
		go func() {
			time.Sleep(30 * time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, thing := range w.things {
				thing.Dead = true
			}
		}()
		if err := up(t.Context(), toyEngine(j), g); !errors.Is(err, errToyRefused) {
			t.Errorf("up: %v", err)
		}
		if id := g.Ref("a/0").ID(); id != "" {
			t.Errorf("a/0 is still %s", id)
		}
	})
}

func TestTheLimitOfParallelismIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := toyEngine(newNotebook())
		e.Parallelism = 1
		r := e.newRun(New("toyland"))
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		_, err := call(t.Context(), r, "a/0", func(context.Context) (int, error) {
			go stop(stopped)
			_, err := call(ctx, r, "b/0", func(context.Context) (int, error) { return 0, nil })
			return 0, err
		})
		if !errors.Is(err, stopped) || r.limit.free != 1 {
			t.Errorf("a call that waits for its turn: %v, and %d turns are free, want %v and 1", err, r.limit.free, stopped)
		}
	})
}

// One caller who is stopped does not wait for another's read.
func TestOnceEndsWithItsCallersContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, stopped := &Look{}, errors.New("Ctrl-C")
		answer := make(chan struct{})
		go func() {
			_, _ = Once(t.Context(), s, "list", func(context.Context) (int, error) { <-answer; return 1, nil })
		}()
		synctest.Wait()
		ctx, stop := context.WithCancelCause(t.Context())
		stop(stopped)
		if _, err := Once(ctx, s, "list", func(context.Context) (int, error) { return 2, nil }); !errors.Is(err, stopped) {
			t.Errorf("Once() = %v, want %v", err, stopped)
		}
		close(answer)
	})
}
