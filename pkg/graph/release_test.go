package graph

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

// leaver is a kind whose things take a while to go, and may refuse to.
type leaver struct {
	toyKind
	lingers time.Duration
	refuses func(try int) error // nil: it never does
	limit   time.Duration       // when to give up

	mu    sync.Mutex
	tries int
	going map[string]time.Time
}

func (l *leaver) Pace() Pace { return Pace{Leave: min(l.lingers, 5*time.Minute), Limit: l.limit} }

func (l *leaver) Delete(ctx context.Context, o toyState) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries++
	return l.world.mutate(ctx, "delete "+string(o.Key()), func() error {
		if l.refuses != nil {
			if err := l.refuses(l.tries); err != nil {
				return err
			}
		}
		if l.lingers == 0 {
			delete(l.world.things, o.ID)
			return nil
		}
		if l.going == nil {
			l.going = map[string]time.Time{}
		}
		l.world.things[o.ID].Leaving = true
		l.going[o.ID] = time.Now().Add(l.lingers)
		return nil
	})
}

func (l *leaver) List(ctx context.Context, s *Look) ([]toyState, error) {
	l.world.mu.Lock()
	for id, at := range l.going {
		if !time.Now().Before(at) {
			delete(l.world.things, id)
		}
	}
	l.world.mu.Unlock()
	return l.toyKind.List(ctx, s)
}

// keeper is one whose things others may hold.
type keeper struct {
	*leaver
	held  func(o toyState, look int) ([]Blocker, error)
	looks int
}

func (k *keeper) Blockers(_ context.Context, _ *Look, o toyState) ([]Blocker, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.looks++
	return k.held(o, k.looks)
}

// removed is a removal of planted things: what it ended with, how long it took, and what it told of each.
type removed struct {
	err    error
	took   time.Duration
	events []string // "a/0 deleting"
	times  map[string]time.Duration
}

func (r removed) at(event string) time.Duration {
	when, ok := r.times[event]
	if !ok {
		return -1
	}
	return when
}

func removeAll(ctx context.Context, w *world, j *notebook, kinds func(g *Graph), keys ...Key) removed {
	for _, key := range keys {
		w.plant(key, toyOwner.ID, toyOwner.Stack)
	}
	return remove(ctx, j, kinds)
}

func remove(ctx context.Context, j *notebook, kinds func(g *Graph)) (r removed) {
	g := New("toyland")
	kinds(g)
	e, start := toyEngine(j), time.Now()
	e.Jitter = func(d time.Duration) time.Duration { return d / 2 }
	r.times = map[string]time.Duration{}
	var mu sync.Mutex
	e.Events = func(ev Event) {
		mu.Lock()
		defer mu.Unlock()
		text := strings.TrimSpace(fmt.Sprintf("%s %s %s", ev.Key, ev.Type, ev.Detail))
		r.events, r.times[fmt.Sprintf("%s %s", ev.Key, ev.Type)] = append(r.events, text), time.Since(start)
	}
	r.err = down(ctx, e, g)
	r.took = time.Since(start)
	return r
}

func counted(events []string, text string) (n int) {
	for _, event := range events {
		if event == text {
			n++
		}
	}
	return n
}

// What the cloud itself takes away soon is waited for; what belongs to others is not, if the cloud says that it holds.
func TestADeletionWaitsForPassingHolders(t *testing.T) {
	passing := Blocker{ID: "eni-1", Kind: "interface", Passing: true}
	theirs := Blocker{ID: "eni-2", Kind: "interface", Owner: "them"}
	var began time.Time
	until := func(d time.Duration, then ...Blocker) func(toyState, int) ([]Blocker, error) {
		return func(toyState, int) ([]Blocker, error) {
			if time.Since(began) < d {
				return []Blocker{passing}, nil
			}
			return then, nil
		}
	}
	for _, c := range []struct {
		name    string
		held    func(toyState, int) ([]Blocker, error)
		refuses func(int) error
		err     string
		deletes int
		waits   int // times that it says what it waits for
		least   time.Duration
		most    time.Duration
	}{
		{name: "none", held: until(0), deletes: 1, most: time.Second},
		{name: "one that passes", held: until(3 * time.Minute), deletes: 1, waits: 1, least: 3 * time.Minute, most: 3*time.Minute + 10*time.Second},
		{
			name: "one that never passes", held: until(100 * time.Hour), waits: 1, least: releaseLimit, most: releaseLimit + 10*time.Second,
			err: "toyland: delete a/0: not done after 45m0s: held by interface eni-1",
		},
		{name: "others', and the cloud does not mind", held: until(0, theirs), deletes: 1, most: time.Second},
		{
			name: "others' hold it", held: until(0, passing, theirs), refuses: func(int) error { return errToyHeld }, deletes: 1, most: time.Second,
			err: "toyland: delete a/0: held by interface eni-2 (them)",
		},
		{
			name: "one that passes, and others' after it", held: until(time.Minute, theirs), refuses: func(int) error { return errToyHeld },
			deletes: 1, waits: 1, least: time.Minute, most: time.Minute + 10*time.Second, err: "toyland: delete a/0: held by interface eni-2 (them)",
		},
		{
			name: "none that is listed, for a while", held: until(0), deletes: 3, least: time.Second, most: 10 * time.Second,
			refuses: func(try int) error {
				if try < 3 {
					return errToyHeld
				}
				return nil
			},
		},
		{
			name: "they can't be read", held: func(toyState, int) ([]Blocker, error) { return nil, errToyRefused }, most: time.Second,
			err: "toyland: delete a/0: refused",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				began = time.Now()
				k := &keeper{leaver: &leaver{toyKind: toyKind{world: w, name: "a"}, refuses: c.refuses}, held: c.held}
				r := removeAll(t.Context(), w, j, func(g *Graph) { AddKind(g, k) }, "a/0")
				if message(r.err) != c.err || r.took < c.least || r.took > c.most {
					t.Errorf("%v after %s, want %q after %s to %s", r.err, r.took, c.err, c.least, c.most)
				}
				if waits := counted(r.events, "a/0 waiting held by interface eni-1"); k.tries != c.deletes || waits != c.waits {
					t.Errorf("%d deletions, told %d times of the wait, want %d and %d: %v", k.tries, waits, c.deletes, c.waits, r.events)
				}
			})
		})
	}
}

// Who waits for a holder stops when the run is stopped.
func TestAWaitForAHolderEndsWithTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { stop(stopped) })
		k := &keeper{leaver: &leaver{toyKind: toyKind{world: w, name: "a"}}, held: func(toyState, int) ([]Blocker, error) {
			return []Blocker{{ID: "eni-1", Kind: "interface", Passing: true}}, nil
		}}
		r := removeAll(ctx, w, j, func(g *Graph) { AddKind(g, k) }, "a/0")
		if !errors.Is(r.err, stopped) || k.tries > 0 || r.took > 2*time.Minute {
			t.Errorf("%v after %s and %d deletions", r.err, r.took, k.tries)
		}
	})
}

// holdingEachOther says who of the same kind holds a thing, by their keys, as long as those are there.
func holdingEachOther(w *world, pairs map[Key]Key) func(toyState, int) ([]Blocker, error) {
	return func(o toyState, _ int) ([]Blocker, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, thing := range w.things {
			if thing.Key() == pairs[o.Key()] {
				return []Blocker{{ID: thing.ID, Kind: "a", Passing: true}}, nil
			}
		}
		return nil, nil
	}
}

// Of two that this run deletes, the one that is held waits for the other, as long as it takes, and no longer than it fails.
func TestADeletionWaitsForThisRunsHolders(t *testing.T) {
	for name, c := range map[string]struct {
		pairs   map[Key]Key
		refuses bool
		err     []string
		calls   []string
		least   time.Duration
		most    time.Duration
	}{
		"one holds the other": {
			pairs: map[Key]Key{"a/0": "a/1"}, calls: []string{"delete a/1", "delete a/0"}, least: 10 * time.Minute, most: 11 * time.Minute,
		},
		"the one that holds can't be deleted": {
			pairs: map[Key]Key{"a/0": "a/1"}, refuses: true, calls: []string{"delete a/1"}, most: time.Second,
			err: []string{"toyland: delete a/1: refused", "toyland: delete a/0: not tried because a/1 failed"},
		},
		"each holds the other": {
			pairs: map[Key]Key{"a/0": "a/1", "a/1": "a/0"}, least: standoff, most: standoff + time.Minute,
			err: []string{"still held by ", " after 30m0s"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				k := &keeper{leaver: &leaver{toyKind: toyKind{world: w, name: "a"}, lingers: 5 * time.Minute}, held: holdingEachOther(w, c.pairs)}
				if c.refuses {
					k.refuses = func(int) error { return errToyRefused }
				}
				r := removeAll(t.Context(), w, j, func(g *Graph) { AddKind(g, k) }, "a/0", "a/1")
				for _, want := range c.err {
					if !strings.Contains(message(r.err), want) {
						t.Errorf("%v, want %q", r.err, want)
					}
				}
				if (r.err != nil) != (len(c.err) > 0) || r.took < c.least || r.took > c.most {
					t.Errorf("%v after %s, want %s to %s", r.err, r.took, c.least, c.most)
				}
				if diff := cmp.Diff(c.calls, w.calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
				synctest.Wait() // and nothing is left running
			})
		})
	}
}

// A thing is deleted as soon as those before it have let go of it, and not only when they are gone. One look says so.
func TestAReleasedThingDoesNotWaitUntilOthersAreGone(t *testing.T) {
	const lingers = 5 * time.Minute
	free := func(toyState, int) ([]Blocker, error) { return nil, nil }
	for _, c := range []struct {
		name    string
		held    func(o toyState, look int) ([]Blocker, error)
		plain   bool // its kind is held by nobody
		refuses func(int) error
		blocked bool // what goes before it can't be deleted
		looks   int
		deletes int
		early   bool
	}{
		{name: "it is free at once", held: free, looks: 1, deletes: 1, early: true},
		{name: "it is held by what goes", looks: 2, deletes: 1, held: func(_ toyState, look int) ([]Blocker, error) {
			if look == 1 {
				return []Blocker{{ID: "x", Kind: "b"}}, nil
			}
			return nil, nil
		}},
		{name: "it can't be read", looks: 2, deletes: 1, held: func(_ toyState, look int) ([]Blocker, error) {
			if look == 1 {
				return nil, errToyRefused
			}
			return nil, nil
		}},
		{name: "it seemed free", held: free, looks: 2, deletes: 2, early: true, refuses: func(try int) error {
			if try == 1 {
				return errToyHeld
			}
			return nil
		}},
		{name: "nobody holds such a kind", plain: true, deletes: 1},
		{name: "what goes before it can't be deleted", held: free, blocked: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				before := &leaver{toyKind: toyKind{world: w, name: "b"}, lingers: lingers}
				if c.blocked {
					before.refuses = func(int) error { return errToyRefused }
				}
				k := &keeper{leaver: &leaver{toyKind: toyKind{world: w, name: "a"}, refuses: c.refuses}, held: c.held}
				r := removeAll(t.Context(), w, j, func(g *Graph) {
					AddKind(g, before)
					if c.plain {
						AddKind(g, k.leaver, "b")
					} else {
						AddKind(g, k, "b")
					}
				}, "a/0", "b/0")
				if (r.err != nil) != c.blocked || k.looks != c.looks || k.tries != c.deletes {
					t.Errorf("%v, %d looks, %d deletions, want %d, %d", r.err, k.looks, k.tries, c.looks, c.deletes)
				}
				if early := r.at("a/0 deleted") >= 0 && r.at("a/0 deleted") < lingers; early != c.early {
					t.Errorf("it was deleted after %s: early %t, want %t", r.at("a/0 deleted"), early, c.early)
				}
				if c.blocked && (!strings.Contains(r.err.Error(), "toyland: delete a/0: not tried because b/0 failed") || counted(r.events, "a/0 blocked not tried because b/0 failed") != 1 || counted(r.events, "b/0 failed refused") != 1) {
					t.Errorf("%v, %v", r.err, r.events)
				}
			})
		})
	}
}

// Those that were deleted first are waited for only where they still hold it.
func TestAThingHeldByItsOwnKindIsNotReleasedEarly(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		before := &leaver{toyKind: toyKind{world: w, name: "b"}, lingers: time.Minute}
		k := &keeper{
			leaver: &leaver{toyKind: toyKind{world: w, name: "a"}, lingers: 10 * time.Second},
			held:   holdingEachOther(w, map[Key]Key{"a/0": "a/1"}),
		}
		r := removeAll(t.Context(), w, j, func(g *Graph) { AddKind(g, before); AddKind(g, k, "b") }, "a/0", "a/1", "b/0")
		if r.err != nil || !slices.Equal(w.calls, []string{"delete b/0", "delete a/1", "delete a/0"}) || r.at("a/0 deleted") >= time.Minute {
			t.Errorf("%v; calls %v; a/0 after %s", r.err, w.calls, r.at("a/0 deleted"))
		}
	})
}

// What a run deletes, it forgets when it is gone, and waits until then.
func TestADeletionEndsWhenTheThingIsGone(t *testing.T) {
	for _, c := range []struct {
		name          string
		lingers       time.Duration
		limit         time.Duration
		before        func(*toyThing, *leaver)
		refuses       func(int) error
		err           string
		deletes       int
		retries       int
		least, most   time.Duration
		stillRecorded bool
	}{
		{name: "at once", deletes: 1, most: time.Second},
		{name: "after a while", lingers: 3 * time.Minute, deletes: 1, least: 3 * time.Minute, most: 3*time.Minute + 10*time.Second},
		{
			name: "too late", lingers: time.Hour, limit: 20 * time.Minute, deletes: 1, least: 20 * time.Minute, most: 20*time.Minute + 10*time.Second,
			err: "toyland: delete a/0: not done after 20m0s: on its way out", stillRecorded: true,
		},
		{
			name: "it was leaving already", lingers: 3 * time.Minute, least: 3 * time.Minute, most: 3*time.Minute + 10*time.Second,
			before: func(thing *toyThing, l *leaver) {
				thing.Leaving, l.going = true, map[string]time.Time{thing.ID: time.Now().Add(3 * time.Minute)}
			},
		},
		{
			name: "it exists otherwise", refuses: func(int) error { return errToyTaken }, deletes: 1, most: time.Second,
			err: "toyland: delete a/0: there is one already", stillRecorded: true,
		},
		{
			name: "it is throttled", deletes: 3, retries: 2, most: 5 * time.Second, least: time.Second,
			refuses: func(try int) error {
				if try < 3 {
					return errToyThrottled
				}
				return nil
			},
		},
		{
			name: "it is throttled for good", refuses: func(int) error { return errToyThrottled }, limit: 5 * time.Minute, deletes: -1, retries: -1,
			least: 5 * time.Minute, most: 5*time.Minute + 20*time.Second, err: "toyland: delete a/0: throttled", stillRecorded: true,
		},
		{
			name: "something unknown holds it for good", refuses: func(int) error { return &UnknownBlockerError{errToyHeld} }, deletes: -1, retries: -1,
			least: unknownLimit, most: unknownLimit + 20*time.Second, err: "toyland: delete a/0: held by something that no list names: held", stillRecorded: true,
		},
		{
			name: "something unknown holds it, twice", deletes: -1, retries: -1, least: unknownLimit, most: 2 * unknownLimit,
			refuses: func(try int) error {
				switch {
				case try > 24:
					return nil
				case try%12 == 0: // before two minutes have passed
					return errToyThrottled
				}
				return &UnknownBlockerError{errToyHeld}
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				l := &leaver{toyKind: toyKind{world: w, name: "a"}, lingers: c.lingers, limit: c.limit, refuses: c.refuses}
				id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
				j.entries["a/0"] = Entry{Key: "a/0", ID: id}
				if c.before != nil {
					c.before(w.things[id], l)
				}
				r := remove(t.Context(), j, func(g *Graph) { AddKind(g, l) })
				if message(r.err) != c.err || r.took < c.least || r.took > c.most {
					t.Errorf("%v after %s, want %q after %s to %s", r.err, r.took, c.err, c.least, c.most)
				}
				retries := 0
				for _, event := range r.events {
					if strings.HasPrefix(event, "a/0 retrying") {
						retries++
					}
				}
				if c.deletes >= 0 && l.tries != c.deletes || c.retries >= 0 && retries != c.retries || c.retries < 0 && retries == 0 {
					t.Errorf("%d deletions, %d retries told, want %d, %d", l.tries, retries, c.deletes, c.retries)
				}
				if _, recorded := j.entries["a/0"]; recorded != c.stillRecorded {
					t.Errorf("recorded: %t, want %t", recorded, c.stillRecorded)
				}
				if c.err != "" && counted(r.events, "a/0 failed "+strings.TrimPrefix(c.err, "toyland: delete a/0: ")) != 1 {
					t.Errorf("the failure is not told: %v", r.events)
				}
			})
		})
	}
}

// A deletion that is refused for a while stops when the run is stopped.
func TestARetriedDeletionEndsWithTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		l := &leaver{toyKind: toyKind{world: w, name: "a"}, refuses: func(int) error { stop(stopped); return errToyThrottled }}
		r := removeAll(ctx, w, j, func(g *Graph) { AddKind(g, l) }, "a/0")
		if !errors.Is(r.err, stopped) || l.tries != 1 {
			t.Errorf("%v after %d deletions", r.err, l.tries)
		}
	})
}
