package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// gated is a graph of one resource that waits for a gate.
func gated(w *world, wait func(context.Context) error) *Graph {
	g := justKinds(w, "a")
	gate := g.Gate("role", wait)
	Add(g, toy{
		toyKind: toyKind{world: w, name: "a"}, needs: []Need{gate.Ready()},
		Meta: Meta{Is: "a/0", Labels: Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: "a/0"}}},
	})
	return g
}

func TestWhatNeedsAGateWaitsForIt(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		start := time.Now()
		err := up(t.Context(), toyEngine(j), gated(w, func(context.Context) error { time.Sleep(time.Hour); return nil }))
		if err != nil || time.Since(start) != time.Hour || len(w.things) != 1 {
			t.Errorf("up: %v after %s, with %v", err, time.Since(start), w.keys())
		}
	})
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		err := up(t.Context(), toyEngine(j), gated(w, func(context.Context) error { return errToyRefused }))
		if blocked, ok := errors.AsType[*BlockedError](err); !ok || blocked.By != "role" || len(w.calls) > 0 {
			t.Errorf("up: %v after %v, want it blocked by the gate", err, w.calls)
		}
	})
}

// A run that is stopped while a resource waits for another says so of that resource.
func TestAWaitForANeedEndsWithTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { stop(stopped) })
		start := time.Now()
		err := up(ctx, toyEngine(j), gated(w, func(context.Context) error { time.Sleep(time.Hour); return nil }))
		if !errors.Is(err, stopped) || !strings.Contains(message(err), "toyland: create a/0: ") || len(w.calls) > 0 {
			t.Errorf("up: %v after %s", err, time.Since(start))
		}
	})
}

// Each resource tells how it ended: ready, failed, or blocked by what failed; and nothing where there was nothing to do.
func TestEachResourceTellsHowItEnded(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.fault = func(_ int, call string) fate {
			if call == "create b/0" {
				return refused
			}
			return fine
		}
		var mu sync.Mutex
		var told []string
		e := toyEngine(j)
		e.Events = func(ev Event) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, fmt.Sprintf("%s %s %s %v", ev.Key, ev.Type, ev.Detail, ev.Err))
		}
		if err := up(t.Context(), e, chain.build(w)); !errors.Is(err, errToyRefused) {
			t.Errorf("up: %v", err)
		}
		want := []string{
			"a/0 creating  <nil>", "a/0 created  <nil>", "a/0 updating plain <nil>", "a/0 ready  <nil>", "b/0 creating  <nil>",
			"b/0 failed refused " + "refused", "c/0 blocked not tried because b/0 failed not tried because b/0 failed",
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		w.fault, told = nil, nil
		if err := up(t.Context(), e, chain.build(w)); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(told, func(line string) bool { return strings.HasPrefix(line, "a/0") }) || !slices.Contains(told, "c/0 ready  <nil>") {
			t.Errorf("the next run tells %v", told)
		}
	})
}

// Who needs only another's ID does not wait until that one is ready, and who needs it ready does.
func TestANeedOfAnIDDoesNotWaitForReadiness(t *testing.T) {
	for name, c := range map[string]struct {
		made bool
		at   time.Duration // of the second's creation
	}{"its ID": {true, 0}, "it, ready": {false, 20 * time.Minute}} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			s := shape{nodes: []node{{key: "a/0", takes: 20 * time.Minute}, {key: "b/0", needs: []edge{{to: 0, made: c.made}}}}}
			start, at := time.Now(), time.Duration(-1)
			w.fault = func(_ int, call string) fate {
				if call == "create b/0" {
					at = time.Since(start)
				}
				return fine
			}
			g := New("toyland")
			AddKind(g, patientKind{toyKind{world: w, name: "b"}})
			AddKind(g, patientKind{toyKind{world: w, name: "a", takes: 20 * time.Minute}}, "b")
			for _, wish := range s.build(w).wishes {
				r := wish.(wishOf[toyState]).r.(toy)
				if r.Is == "b/0" {
					r.refs = []Ref{g.Ref("a/0")}
				}
				Add(g, patient{r})
			}
			if err := up(t.Context(), toyEngine(j), g); err != nil {
				t.Fatal(err)
			}
			if at < c.at || at > c.at+time.Minute {
				t.Errorf("%s: the second was created after %s, want %s", name, at, c.at)
			}
		})
	}
}

// patientKind and patient may take an hour.
type patientKind struct{ toyKind }

func (k patientKind) Pace() Pace { return Pace{Usual: k.takes, Limit: time.Hour} }

type patient struct{ toy }

func (p patient) Pace() Pace { return Pace{Usual: p.takes, Limit: time.Hour} }

// What a run can't record of the generations that the plan found ends it before any call.
func TestARestoredGenerationThatCanNotBeRecordedStopsTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		for id, looks := range map[string]string{"1": "new", "2": "odd"} {
			thing := &toyThing{toyState: seenToy(id).(toyState)}
			thing.Attrs = map[string]string{"plain": "on", "looks": looks}
			w.things[id] = thing
		}
		j.entries["a/0"] = Entry{Key: "a/0", ID: "2", Former: []string{"1"}, Since: time.Now().Add(-time.Hour)}
		g := shape{nodes: []node{{key: "a/0", looks: "new"}}}.build(w)
		err := up(t.Context(), toyEngine(&faulty{notebook: j, fails: "bind a/0"}), g)
		if !errors.Is(err, errJournal) || len(w.calls) > 0 {
			t.Errorf("up: %v after %v", err, w.calls)
		}
		records := &faulty{notebook: j}
		if err := up(t.Context(), toyEngine(records), shape{nodes: []node{{key: "a/0", looks: "new"}}}.build(w)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"bind a/0", "bind a/0", "forget a/0 2"}, records.writes); diff != "" || !slices.Equal(w.calls, []string{"delete a/0"}) {
			t.Errorf("after %v, writes (-want +got):\n%s", w.calls, diff)
		}
	})
}

// An entry's generation is claimed from once: a step of what the journal calls an earlier one keeps the open claim.
func TestAClaimKeepsWhatIsAlreadyAnEarlierGeneration(t *testing.T) {
	open := Entry{Key: "a/0", Nonce: "open", Former: []string{"1"}}
	if diff := cmp.Diff(open, Step{ID: "1"}.claimFrom(open)); diff != "" {
		t.Errorf("the same generation (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(open, Step{}.claimFrom(open)); diff != "" {
		t.Errorf("nothing is there (-want +got):\n%s", diff)
	}
	want := Entry{Key: "a/0", ID: "2", Former: []string{"1", "2"}}
	if diff := cmp.Diff(want, Step{ID: "2"}.claimFrom(Entry{Key: "a/0", ID: "2", Nonce: "n", Former: []string{"1"}})); diff != "" {
		t.Errorf("the next generation (-want +got):\n%s", diff)
	}
}

// An update ends by what its error means: what may pass is looked at and repeated, and told.
func TestAnUpdatesError(t *testing.T) {
	for name, c := range map[string]struct {
		fate    fate
		times   int // of that fate
		updates int // at least 2 where it is repeated for good
		err     error
		says    string
		least   time.Duration
		most    time.Duration
	}{
		"refused":                      {refused, 100, 1, errToyRefused, "toyland: update a/0: refused", 0, 0},
		"lost, and done":               {lostAfter, 1, 1, nil, "", time.Second / 4, 2 * time.Second},
		"lost":                         {lostBefore, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"throttled":                    {throttled, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"something is absent":          {absent, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"not known everywhere":         {notYet, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"there is one":                 {taken, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"held":                         {held, 1, 2, nil, "", time.Second / 4, 2 * time.Second},
		"throttled for long":           {throttled, maxRounds - 1, maxRounds, nil, "", time.Minute / 2, 5 * time.Minute},
		"throttled for good":           {throttled, 100, maxRounds, errToyThrottled, "toyland: update a/0: throttled", time.Minute / 2, 5 * time.Minute},
		"not known anywhere, for good": {notYet, 100, maxRounds, errToyNotYet, "toyland: update a/0: not known", time.Minute / 2, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				updates, retries, start := 0, 0, time.Now()
				w.fault = func(_ int, call string) fate {
					if call == "update a/0 plain" {
						if updates++; updates <= c.times {
							return c.fate
						}
					}
					return fine
				}
				e := toyEngine(j)
				e.Jitter = func(d time.Duration) time.Duration { return d / 2 }
				e.Events = func(ev Event) {
					if ev.Type == Retrying && ev.Detail != "" {
						retries++
					}
				}
				err := up(t.Context(), e, alone.build(w))
				if !errors.Is(err, c.err) || !strings.HasPrefix(message(err), c.says) || c.err == nil && err != nil {
					t.Errorf("up: %v, want %v", err, c.err)
				}
				if took := time.Since(start); updates != c.updates || took < c.least || took > c.most {
					t.Errorf("%d updates in %s, want %d in %s to %s", updates, took, c.updates, c.least, c.most)
				}
				if want := min(updates, c.times); c.fate != refused && retries != want {
					t.Errorf("%d retries told, want %d", retries, want)
				}
			})
		})
	}
}

// An update is not repeated while nobody can read what became of it, nor once the run is stopped.
func TestALostUpdateIsNotRepeatedUnseen(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.fault = func(_ int, call string) fate {
			if strings.HasPrefix(call, "update") {
				w.blind = func(string) error { return errToyRefused }
				return lostBefore
			}
			return fine
		}
		err := up(t.Context(), toyEngine(j), alone.build(w))
		if !errors.Is(err, errToyLost) || !errors.Is(err, errToyRefused) || !strings.Contains(message(err), "its outcome can't be read") || len(w.calls) != 2 {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		w.fault = func(_ int, call string) fate {
			if strings.HasPrefix(call, "update") {
				stop(stopped)
				return throttled
			}
			return fine
		}
		reads := 0
		w.blind = func(string) error { reads++; return nil }
		if err := up(ctx, toyEngine(j), alone.build(w)); !errors.Is(err, stopped) || len(w.calls) != 2 || reads != 1 {
			t.Errorf("up: %v after %v and %d reads", err, w.calls, reads)
		}
	})
}

// A creation that is refused for a while stops when the run is stopped, and is repeated when what it needs is known.
func TestARetriedCreation(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		w.fault = func(int, string) fate { stop(stopped); return throttled }
		if err := up(ctx, toyEngine(j), alone.build(w)); !errors.Is(err, stopped) || len(w.calls) != 1 {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.fault = func(n int, _ string) fate {
			if n < 4 {
				return notYet
			}
			return fine
		}
		e, told := toyEngine(j), events{}
		e.Events = told.note
		if err := up(t.Context(), e, alone.build(w)); err != nil {
			t.Fatal(err)
		}
		want := []EventType{Creating, Retrying, Retrying, Retrying, Created, Updating, EventReady}
		if diff := cmp.Diff(want, told["a/0"]); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// stubborn differs whatever is updated.
type stubborn struct{ toy }

func (r stubborn) Diff(o toyState) []Change {
	return append(r.toy.Diff(o), Change{Field: "mood", To: "better"}, Change{Field: "weather", To: "fine"})
}

func TestAnUpdateThatDoesNotHelpEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g := justKinds(w, "a")
		Add(g, stubborn{alone.build(w).byKey["a/0"].(wishOf[toyState]).r.(toy)})
		var details []string
		e := toyEngine(j)
		e.Events = func(ev Event) {
			if ev.Type == Updating {
				details = append(details, ev.Detail)
			}
		}
		err := up(t.Context(), e, g)
		if !strings.Contains(message(err), "toyland: update a/0: still differs after 12 updates: ") || len(w.calls) != 1+maxRounds {
			t.Errorf("up: %v after %d calls", err, len(w.calls))
		}
		if len(details) != maxRounds || details[0] != "plain, mood, weather" || details[1] != "mood, weather" {
			t.Errorf("updates tell %q", details)
		}
	})
}

// A resource that failed and is leaving, or can't be deleted for a new one, is not built on.
func TestAReplacementThatIsStoppedSaysWhat(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		pair := shape{nodes: []node{{key: "a/0", sole: true, looks: "old"}, {key: "b/0", needs: []edge{{to: 0}}}}}
		if err := up(t.Context(), toyEngine(j), pair.build(w)); err != nil {
			t.Fatal(err)
		}
		pair.nodes[0].looks = "new"
		w.fault = func(_ int, call string) fate {
			if call == "delete b/0" {
				return refused
			}
			return fine
		}
		w.calls = nil
		err := up(t.Context(), toyEngine(j), pair.build(w))
		if !strings.Contains(message(err), "toyland: replace b/0: refused") || !strings.Contains(message(err), "toyland: replace a/0: not tried because b/0 failed") {
			t.Errorf("up: %v", err)
		}
		if !slices.Equal(w.calls, []string{"delete b/0"}) {
			t.Errorf("calls: %v", w.calls)
		}
	})
}

// A way is made only when all that the new one needs is there.
func TestWhatIsReplacedStaysUntilItsNeedsAreMet(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		pair := shape{nodes: []node{{key: "a/0"}, {key: "b/0", sole: true, looks: "old", needs: []edge{{to: 0}}}}}
		if err := up(t.Context(), toyEngine(j), pair.build(w)); err != nil {
			t.Fatal(err)
		}
		pair.nodes[1].looks = "new"
		delete(w.things[j.entries["a/0"].ID].Attrs, "plain")
		w.fault = func(_ int, call string) fate {
			if call == "update a/0 plain" {
				return refused
			}
			return fine
		}
		w.calls = nil
		err := up(t.Context(), toyEngine(j), pair.build(w))
		if !strings.Contains(message(err), "toyland: replace b/0: not tried because a/0 failed") || slices.Contains(w.calls, "delete b/0") {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
}
