package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lister is a kind whose lists are noted: "all", or the IDs that are asked for.
type lister struct {
	toyKind
	reads []string
	at    []time.Duration
	began time.Time
	lists func(s *Look, read int) ([]toyState, error)
}

func (l *lister) List(_ context.Context, s *Look) ([]toyState, error) {
	what := "all"
	if s.Only != nil {
		what = strings.Join(s.Only, ",")
	}
	l.reads, l.at = append(l.reads, what), append(l.at, time.Since(l.began).Round(time.Millisecond))
	if l.lists == nil {
		return nil, nil
	}
	return l.lists(s, len(l.reads))
}

func times(what string, n int) []string { return slices.Repeat([]string{what}, n) }

// Lists lag behind: what the journal knows and a list lacks is looked for again, the longer the younger it is.
func TestALookLooksForWhatTheJournalKnows(t *testing.T) {
	const fresh, old = -time.Minute, -settleTime
	bare := func(id string) toyState { return toyState{Identity: Identity{ID: id}} }
	for _, c := range []struct {
		name    string
		entries []Entry // Since is set by age
		age     time.Duration
		all     bool
		safe    bool
		lists   func(s *Look, read int) ([]toyState, error)
		reads   []string // after the first list
		seen    []string
	}{
		{name: "nothing is known"},
		{name: "of a kind that the graph lacks", entries: []Entry{{Key: "z/0", ID: "1"}}, age: fresh},
		{name: "an old ID", entries: []Entry{{Key: "a/0", ID: "1"}}, age: old, reads: times("1", 1)},
		{name: "a fresh ID", entries: []Entry{{Key: "a/0", ID: "1"}}, age: fresh, reads: times("1", settleLooks)},
		{
			name: "an ID that is listed", entries: []Entry{{Key: "a/0", ID: "1"}}, age: fresh, seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) { return []toyState{bare("1")}, nil },
		},
		{
			name: "an ID that is found by itself", entries: []Entry{{Key: "a/0", ID: "1"}}, age: fresh, reads: times("1", 3), seen: []string{"1"},
			lists: func(s *Look, read int) ([]toyState, error) {
				if slices.Contains(s.Only, "1") && read == 4 {
					return []toyState{bare("1")}, nil
				}
				return nil, nil
			},
		},
		{
			name: "another thing is listed", entries: []Entry{{Key: "a/0", ID: "1"}}, age: old, reads: times("1", 1), seen: []string{"2"},
			lists: func(*Look, int) ([]toyState, error) { return []toyState{bare("2")}, nil },
		},
		{name: "a fresh claim", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, reads: times("all", settleLooks)},
		{name: "an old claim", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: old},
		{name: "a claim that is safe to repeat", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, safe: true},
		{name: "such a claim, where all are asked for", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, safe: true, all: true, reads: times("all", settleLooks)},
		{name: "an old one, where all are asked for", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: old, safe: true, all: true},
		{
			name: "such a claim with a generation to go back to", entries: []Entry{{Key: "a/0", Nonce: "n", Former: []string{"1"}}}, age: fresh, safe: true,
			reads: append([]string{"1"}, times("all", settleLooks)...),
		},
		{name: "a generation only", entries: []Entry{{Key: "a/0", Former: []string{"1"}}}, age: fresh, reads: times("1", 1)},
		{
			name: "a generation that is listed", entries: []Entry{{Key: "a/0", Former: []string{"1"}}}, age: fresh, seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) { return []toyState{bare("1")}, nil },
		},
		{
			name: "a claim that made one", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) { return []toyState{seenToy("1").(toyState)}, nil },
		},
		{
			name: "a claim of one that is another's", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, reads: times("all", settleLooks), seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) {
				return []toyState{seenToy("1", tagged(TagOwner, "01SOMEBODY")).(toyState)}, nil
			},
		},
		{
			name: "a claim of one with another key", entries: []Entry{{Key: "a/0", Nonce: "n"}}, age: fresh, reads: times("all", settleLooks), seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) {
				return []toyState{seenToy("1", tagged(TagKey, "a/1")).(toyState)}, nil
			},
		},
		{
			name: "a claim, of which the generation before is listed", entries: []Entry{{Key: "a/0", Nonce: "n", Former: []string{"1"}}}, age: fresh,
			reads: times("all", settleLooks), seen: []string{"1"},
			lists: func(*Look, int) ([]toyState, error) { return []toyState{seenToy("1").(toyState)}, nil },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				for _, entry := range c.entries {
					entry.Since = time.Now().Add(c.age)
					j.entries[entry.Key] = entry
				}
				l := &lister{toyKind: toyKind{world: w, name: "a", safe: c.safe}, lists: c.lists, began: time.Now()}
				g := New("toyland")
				AddKind(g, l)
				e := toyEngine(j)
				e.Jitter = func(d time.Duration) time.Duration { return d / 2 } // so that a backoff doubles exactly
				seen, err := e.look(t.Context(), g, c.all, true)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(append([]string{"all"}, c.reads...), l.reads); diff != "" {
					t.Errorf("reads (-want +got):\n%s", diff)
				}
				var got []string
				for _, o := range seen["a"] {
					got = append(got, o.Ident().ID)
				}
				if diff := cmp.Diff(c.seen, got); diff != "" {
					t.Errorf("seen (-want +got):\n%s", diff)
				}
				pauses := []time.Duration{0, 0, 1, 3, 7, 11, 15, 19, 23} // of the list and the looks after it, in seconds
				if len(l.reads) == 1+settleLooks {
					for i := range pauses {
						if want := pauses[i] * time.Second; l.at[i] != want {
							t.Errorf("look %d was after %s, want %s", i, l.at[i], want)
						}
					}
				}
			})
		})
	}
}

// Of several that are missing, IDs are asked for together, and claims by one list.
func TestALookAsksForAllThatIsMissingAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		long := time.Now().Add(-time.Hour)
		for key, entry := range map[Key]Entry{
			"a/0": {ID: "1", Since: long}, "a/1": {ID: "2", Since: long}, "a/2": {Nonce: "n", Since: time.Now()}, "a/3": {Nonce: "m", Since: time.Now()},
		} {
			entry.Key = key
			j.entries[key] = entry
		}
		l := &lister{toyKind: toyKind{world: w, name: "a"}, began: time.Now()}
		l.lists = func(s *Look, read int) ([]toyState, error) {
			if s.Only == nil && read > 1 {
				return []toyState{seenToy("3", tagged(TagKey, "a/2")).(toyState), seenToy("4", tagged(TagKey, "a/3")).(toyState)}, nil
			}
			return nil, nil
		}
		g := New("toyland")
		AddKind(g, l)
		seen, err := toyEngine(j).look(t.Context(), g, false, true)
		if err != nil || len(seen["a"]) != 2 {
			t.Errorf("%v, %v", seen, err)
		}
		if len(l.reads) != 3 || l.reads[1] != "1,2" && l.reads[1] != "2,1" || l.reads[2] != "all" {
			t.Errorf("reads %v", l.reads)
		}
	})
}

// What can't be read is an error that says where and what, and ends the look.
func TestALookThatCanNotReadSaysWhat(t *testing.T) {
	for name, c := range map[string]struct {
		entry Entry
		nth   int
	}{
		"the first list": {Entry{}, 1},
		"by ID":          {Entry{Key: "a/0", ID: "1"}, 2},
		"by claim":       {Entry{Key: "a/0", Nonce: "n"}, 2},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			if c.entry.Key != "" {
				c.entry.Since = time.Now()
				j.entries[c.entry.Key] = c.entry
			}
			l := &lister{toyKind: toyKind{world: w, name: "a"}, began: time.Now()}
			l.lists = func(_ *Look, read int) ([]toyState, error) {
				if read == c.nth {
					return nil, errToyRefused
				}
				return nil, nil
			}
			g := New("toyland")
			AddKind(g, l)
			e := toyEngine(j)
			_, err := e.look(t.Context(), g, true, true)
			if message(err) != "read toyland: list a: refused" || !errors.Is(err, errToyRefused) || len(l.reads) != c.nth {
				t.Errorf("%s: %v after %v", name, err, l.reads)
			}
			l.reads = nil
			if _, err := e.Plan(t.Context(), g); !errors.Is(err, errToyRefused) {
				t.Errorf("%s: Plan() = %v", name, err)
			}
			l.reads = nil
			if _, err := e.PlanRemoval(t.Context(), g); !errors.Is(err, errToyRefused) {
				t.Errorf("%s: PlanRemoval() = %v", name, err)
			}
			l.reads = nil
			if _, err := e.Survey(t.Context(), g); errors.Is(err, errToyRefused) != (c.nth == 1) {
				t.Errorf("%s: Survey() = %v", name, err)
			}
		})
	}
}

func TestALookEndsWithTheRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		stopped := errors.New("Ctrl-C")
		ctx, stop := context.WithCancelCause(t.Context())
		j.entries["a/0"] = Entry{Key: "a/0", ID: "1", Since: time.Now()}
		l := &lister{toyKind: toyKind{world: w, name: "a"}, began: time.Now()}
		l.lists = func(_ *Look, read int) ([]toyState, error) {
			if read == 3 {
				stop(stopped)
			}
			return nil, nil
		}
		g := New("toyland")
		AddKind(g, l)
		if _, err := toyEngine(j).look(ctx, g, false, true); !errors.Is(err, stopped) || len(l.reads) != 3 {
			t.Errorf("look() = %v after %v", err, l.reads)
		}
	})
}

// tombs is a kind of which what is gone is still listed.
type tombs struct{ toyKind }

func (k tombs) Phase(o toyState) (Phase, string) {
	if o.Attrs["gone"] != "" {
		return Gone, "deleted"
	}
	return k.toyKind.Phase(o)
}

func TestASightingHasEachThingOnceAndNoTombstones(t *testing.T) {
	k := kindOf[toyState]{tombs{toyKind{name: "a"}}}
	s := sighting{}
	gone := seenToy("2").(toyState)
	gone.Attrs = map[string]string{"gone": "yes"}
	s.add(k, []Observed{seenToy("1"), gone, seenToy("3", going)})
	s.add(k, []Observed{seenToy("1"), seenToy("3"), gone, seenToy("4")})
	var ids []string
	for _, o := range s["a"] {
		ids = append(ids, o.Ident().ID)
	}
	if diff := cmp.Diff([]string{"1", "3", "4"}, ids); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestASurveyListsAllThatIsThere(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.things[w.plant("b/0", "01SOMEBODY", toyOwner.Stack)].Leaving = true
		j.entries["a/0"] = Entry{Key: "a/0", ID: "lost", Since: time.Now()}
		steps, err := toyEngine(j).Survey(t.Context(), chain.build(w))
		if err != nil {
			t.Fatal(err)
		}
		var got []Step
		for _, s := range steps {
			s.Observed = nil
			got = append(got, s)
		}
		slices.SortFunc(got, func(a, b Step) int { return strings.Compare(a.ID, b.ID) })
		want := []Step{
			{Key: "a/0", Action: Keep, ID: "planted-1", Phase: Ready},
			{Key: "b/0", Action: Keep, ID: "planted-2", Phase: Leaving, Why: "on its way out"},
		}
		if diff := cmp.Diff(want, got); diff != "" || w.reads != 3 {
			t.Errorf("%d reads (-want +got):\n%s", w.reads, diff)
		}
	})
}
