package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A look reads each name once, whatever is read in between.
func TestOnceRemembersEachName(t *testing.T) {
	s, fetches := &Look{}, 0
	fetch := func(context.Context) (int, error) { fetches++; return fetches, nil }
	for _, name := range []string{"a", "b", "a", "b"} {
		if _, err := Once(t.Context(), s, name, fetch); err != nil {
			t.Fatal(err)
		}
	}
	if fetches != 2 {
		t.Errorf("%d reads of two names", fetches)
	}
}

// Only what is this stack's, is there, and waits for nothing is deleted by the call of a batch.
func TestABatchHasOnlyWhatCanGoNow(t *testing.T) {
	own := func(change ...func(*toyState)) Observed { return seenToy("1", change...) }
	tombstone := func(o *toyState) { o.Attrs = map[string]string{"gone": "yes"} }
	for name, c := range map[string]struct {
		o       Observed
		held    bool
		after   []string
		batched bool
	}{
		"this stack's":                 {o: own(), batched: true},
		"another's":                    {o: own(tagged(TagOwner, "01SOMEBODY"))},
		"it is leaving":                {o: own(going)},
		"it is gone":                   {o: own(tombstone)},
		"its kind waits for another":   {o: own(), after: []string{"b"}},
		"others may hold such a thing": {o: own(), held: true},
	} {
		var calls [][]string
		var k kind = kindOf[toyState]{crowdOfTombs{crowd{toyKind: toyKind{name: "a"}, calls: &calls}}}
		if c.held {
			k = kindOf[toyState]{heldCrowd{crowd{toyKind: toyKind{name: "a"}, calls: &calls}}}
		}
		g := New("toyland")
		g.after["a"] = c.after
		r := &run{Engine: toyEngine(newNotebook()), graph: g}
		r.gather([]doomed{{k, "a/1", c.o}})
		if batched := r.batches["a"] != nil; batched != c.batched {
			t.Errorf("%s: batched %t, want %t", name, batched, c.batched)
		}
		if !c.batched {
			continue
		}
		other := seenToy("2").(toyState)
		if err := r.remove(t.Context(), k, other); err != nil { // not of the batch
			t.Error(err)
		}
		if diff := cmp.Diff([][]string{{"2"}}, calls); diff != "" {
			t.Errorf("what is not of the batch (-want +got):\n%s", diff)
		}
	}
}

type crowdOfTombs struct{ crowd }

func (c crowdOfTombs) Phase(o toyState) (Phase, string) { return tombs{c.toyKind}.Phase(o) }

type heldCrowd struct{ crowd }

func (heldCrowd) Blockers(context.Context, *Look, toyState) ([]Blocker, error) { return nil, nil }

// A call that comes while the batch's is in progress waits for its answer.
func TestABatchIsAnsweredForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls [][]string
		k := kindOf[toyState]{slowCrowd{crowd{toyKind: toyKind{name: "a"}, calls: &calls, failed: map[string]error{"2": errToyRefused}}}}
		r := &run{Engine: toyEngine(newNotebook()), graph: New("toyland")}
		r.gather([]doomed{{k, "a/1", seenToy("1")}, {k, "a/2", seenToy("2")}})
		first := make(chan error)
		go func() { first <- r.remove(t.Context(), k, seenToy("1")) }()
		synctest.Wait()
		if err := r.remove(t.Context(), k, seenToy("2")); !errors.Is(err, errToyRefused) {
			t.Errorf("the second: %v", err)
		}
		if err := <-first; err != nil || len(calls) != 1 {
			t.Errorf("the first: %v, after %v", err, calls)
		}
	})
}

type slowCrowd struct{ crowd }

func (c slowCrowd) DeleteTogether(ctx context.Context, all []toyState) (map[string]error, error) {
	time.Sleep(time.Minute)
	return c.crowd.DeleteTogether(ctx, all)
}

// A ticket that is given back when its turn has come already passes the turn on.
func TestATurnThatCameTooLateIsPassedOn(t *testing.T) {
	l := newLimiter(1)
	if err := l.acquire(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	gives, keeps := l.enter(time.Minute), l.enter(time.Second)
	l.release() // its turn has come
	l.leave(gives)
	select {
	case <-keeps.turn:
	default:
		t.Error("the turn was lost")
	}
	l.release()
	if waits := l.enter(0); l.free != 0 {
		t.Errorf("%d are free", l.free)
	} else if again := l.enter(0); !closed(waits.turn) || closed(again.turn) {
		t.Error("one turn is not had once")
	} else {
		l.leave(again) // while it waits: nothing is given back
		if l.free != 0 || len(l.waiting) != 0 {
			t.Errorf("%d are free, %d wait", l.free, len(l.waiting))
		}
	}
}

// Of equal paths the first come is the first served.
func TestEqualPathsAreServedInTurn(t *testing.T) {
	l := newLimiter(1)
	l.enter(0)
	first, second, third := l.enter(time.Second), l.enter(time.Second), l.enter(time.Second)
	if !slices.Equal(l.waiting, []*ticket{first, second, third}) {
		t.Error("they do not wait in the order in which they came")
	}
}

// A hand-over is refused only where the heir's changes would wait for who hands over.
func TestAHandoverToWhatWaitsForOthersIsFine(t *testing.T) {
	w := newWorld()
	g, _, group := handing(w)
	apart := group
	apart.Is, apart.needs, apart.refs = "group/apart", nil, nil
	Add(g, apart)
	later := group
	later.Is, later.refs = "group/later", nil
	later.needs = []Need{g.Ref("group/apart").Ready().ThenUpdate()} // which waits for nobody
	Add(g, later)
	if got := panics(func() { g.HandsOver(g.Ref("balancer"), g.Ref("group/later")) }); got != "" {
		t.Errorf("it panics with %q", got)
	}
	g.HandsOver(g.Ref("group/later"), g.Ref("group/apart"))
	last := group
	last.Is, last.refs, last.needs = "group/last", nil, nil
	Add(g, last)
	if got := panics(func() { g.HandsOver(g.Ref("group/last"), g.Ref("group/later")) }); got != "" {
		t.Errorf("it panics with %q", got)
	}
	if got := panics(func() { g.HandsOver(g.Ref("group/apart"), g.Ref("balancer")) }); !strings.Contains(got, "can't hand over to balancer") {
		t.Errorf("of a circle through two heirs, it panics with %q", got)
	}
}

// A replaced generation tells its successor's readiness once it is gone; what is only removed does not.
func TestWhatReplacedAnotherIsReadyWhenThatIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		s := shape{nodes: []node{{key: "a/0", looks: "old"}}}
		if err := up(t.Context(), toyEngine(j), s.build(w)); err != nil {
			t.Fatal(err)
		}
		w.plant("a/9", toyOwner.ID, toyOwner.Stack)
		s.nodes[0].looks = "new"
		e, told := toyEngine(j), events{}
		e.Events = told.note
		refuses := true
		w.fault = func(_ int, call string) fate {
			if refuses && call == "delete a/0" {
				return refused
			}
			return fine
		}
		if err := up(t.Context(), e, s.build(w)); !errors.Is(err, errToyRefused) {
			t.Errorf("up: %v", err)
		}
		want := []EventType{Creating, Created, Updating, EventReady, Deleting, EventFailed}
		if diff := cmp.Diff(want, told["a/0"]); diff != "" {
			t.Errorf("events of what can't be deleted (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]EventType{Deleting, Deleted}, told["a/9"]); diff != "" {
			t.Errorf("events of what is only removed (-want +got):\n%s", diff)
		}
		refuses = false
		told = events{}
		e.Events = told.note
		if err := up(t.Context(), e, s.build(w)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]EventType{Deleting, Deleted, EventReady}, told["a/0"]); diff != "" {
			t.Errorf("events of the rest (-want +got):\n%s", diff)
		}
	})
}

// What goes with another is deleted by a call of its own where the other stays.
func TestWhatGoesWithAnotherThatStaysIsDeleted(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.plant("b/0", toyOwner.ID, toyOwner.Stack)
		w.plant("c/0", toyOwner.ID, toyOwner.Stack)
		g := New("toyland")
		AddKind(g, tied{toyKind{world: w, name: "b"}})
		AddKind(g, toyKind{world: w, name: "a"}, "b")
		AddKind(g, toyKind{world: w, name: "c"})
		if err := down(t.Context(), toyEngine(j), g); err != nil {
			t.Fatal(err)
		}
		if slices.Sort(w.calls); !slices.Equal(w.calls, []string{"delete b/0", "delete c/0"}) {
			t.Errorf("calls: %v", w.calls)
		}
	})
}

// What is deleted is gone when no list has it, or only a tombstone, or only a failure that fades.
func TestATombstoneEndsAWait(t *testing.T) {
	for name, c := range map[string]struct {
		k    func(toyKind) Kind[toyState]
		left func(*toyThing)
		err  string
	}{
		"a tombstone": {func(k toyKind) Kind[toyState] { return buriedKind{tombs{k}} }, func(thing *toyThing) { thing.Attrs["gone"] = "yes" }, ""},
		"it is there": {func(k toyKind) Kind[toyState] { return buriedKind{tombs{k}} }, func(*toyThing) {}, "not done after 10m0s"},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			k := c.k(toyKind{world: w, name: "a", takes: time.Minute})
			thing := w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)]
			w.fault = func(int, string) fate { c.left(thing); return fine }
			r := remove(t.Context(), j, func(g *Graph) { AddKind(g, k) })
			if (r.err != nil) != (c.err != "") || !strings.Contains(message(r.err), c.err) {
				t.Errorf("%s: %v after %s", name, r.err, r.took)
			}
		})
	}
}

// buriedKind is one of which a deletion leaves what is listed.
type buriedKind struct{ tombs }

func (k buriedKind) Delete(ctx context.Context, o toyState) error {
	return k.world.mutate(ctx, "delete "+string(o.Key()), func() error { return nil })
}

// What failed and fades is gone as soon as its deletion is answered; what was ready is waited for.
func TestADeletionOfWhatFadesIsNotWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		dead, fades, diesLater bool
		waits                  bool
	}{
		"it failed":                       {dead: true, fades: true},
		"it failed, of a kind that stays": {dead: true, waits: true},
		"it was ready, and fails":         {fades: true, diesLater: true, waits: true},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			thing := w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)]
			thing.Dead = c.dead
			j.entries["a/0"] = Entry{Key: "a/0", ID: thing.ID}
			w.fault = func(int, string) fate { thing.Dead = thing.Dead || c.diesLater; return fine }
			k := fadingBuried{buriedKind{tombs{toyKind{world: w, name: "a", takes: time.Minute}}}, c.fades}
			r := remove(t.Context(), j, func(g *Graph) { AddKind(g, k) })
			if waited := r.err != nil; waited != c.waits {
				t.Errorf("%s: %v after %s, want it to be waited for: %t", name, r.err, r.took, c.waits)
			}
		})
	}
}

type fadingBuried struct {
	buriedKind
	does bool
}

func (f fadingBuried) FailedFades() bool { return f.does }

// A node that nobody weighs, such as a gate, costs a call; what a plan keeps costs nothing.
func TestWhatAPlanKeepsWeighsNothing(t *testing.T) {
	g := diamond.build(newWorld())
	g.Gate("role", func(context.Context) error { return nil })
	if got := g.usual("role"); got != callWeight {
		t.Errorf("a gate weighs %s", got)
	}
	weigh := (&Plan{graph: g, Steps: []Step{{Key: "net", Action: Keep}, {Key: "slow", Action: Create}}}).left()
	for key, want := range map[Key]time.Duration{"net": 0, "slow": callWeight + time.Minute, "top": 0} {
		if got := weigh(key); got != want {
			t.Errorf("%s weighs %s, want %s", key, got, want)
		}
	}
}

// A new one of a claim that an earlier run opened may differ, as that run may have had other settings; one that is made
// after that failed may not.
func TestANewOneAfterAFailedOneMustNotDiffer(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		j.entries["a/0"] = Entry{Key: "a/0", Nonce: "open", Since: time.Now().Add(-time.Hour)}
		w.stillborn, w.plain = "a/0", true // a plain one lacks the looks that it has for life
		creates := 0
		w.fault = func(_ int, call string) fate {
			if call == "create a/0" {
				if creates++; creates == 2 {
					w.stillborn = ""
				}
			}
			return fine
		}
		err := up(t.Context(), toyEngine(j), shape{nodes: []node{{key: "a/0", looks: "new"}}}.build(w))
		if !strings.Contains(message(err), "the new one differs as well") || creates != 2 {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
}

// What was there when a graph was planned before, and is not now, is not referred to any more.
func TestAFurtherPlanForgetsWhatIsGone(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		id := w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[id].Attrs["looks"] = ""
		g := alone.build(w)
		if plan := mustPlan(t, toyEngine(j), g); plan.Ref("a/0").ID() != id {
			t.Fatalf("it is %q, want %s", plan.Ref("a/0").ID(), id)
		}
		delete(w.things, id)
		if plan := mustPlan(t, toyEngine(j), g); plan.Ref("a/0").ID() != "" || plan.Steps[0].Action != Create {
			t.Errorf("it is %q, and to %s", plan.Ref("a/0").ID(), plan.Steps[0].Action)
		}
	})
}
