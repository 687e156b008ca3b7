package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// justKinds is a graph without wishes.
func justKinds(w *world, names ...string) *Graph {
	g := New("toyland")
	for _, name := range names {
		AddKind(g, toyKind{world: w, name: name})
	}
	return g
}

// The facts that resources depend on are looked up while the region is listed, once for all plans of a graph.
func TestAGraphIsFilledInParallelWithTheLook(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g, fills := justKinds(w, "a"), 0
		listed := make(chan struct{})
		list := sync.OnceFunc(func() { close(listed) })
		w.blind = func(string) error { list(); return nil }
		g.Fill(func(context.Context) error {
			fills++
			<-listed // where one came after the other, this would be a deadlock
			Add(g, toy{toyKind: toyKind{world: w, name: "a"}, Meta: Meta{Is: "a/0"}})
			return nil
		})
		if plan := mustPlan(t, toyEngine(j), g); len(plan.Steps) != 1 || plan.Steps[0].Action != Create {
			t.Errorf("the plan has %v", plan.Steps)
		}
		if plan := mustPlan(t, toyEngine(j), g); len(plan.Steps) != 1 || fills != 1 {
			t.Errorf("the plan again has %v, after %d fillings", plan.Steps, fills)
		}
	})
}

func TestAGraphThatCanNotBeFilledIsNotPlanned(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g := justKinds(w, "a")
		g.Fill(func(context.Context) error { return errToyRefused })
		if _, err := toyEngine(j).Plan(t.Context(), g); !errors.Is(err, errToyRefused) {
			t.Errorf("Plan() = %v", err)
		}
		w.blind = func(string) error { return errToyLost }
		if _, err := toyEngine(j).Plan(t.Context(), justKinds(w, "a")); message(err) != "read toyland: list a: lost" {
			t.Errorf("Plan() = %v", err)
		}
	})
}

// What a plan finds decides what it does, and a resource that does not stay is not referred to.
func TestAPlansActions(t *testing.T) {
	slow := shape{nodes: []node{{key: "a/0", takes: time.Hour}, {key: "b/0", needs: []edge{{to: 0}}}}}
	for name, c := range map[string]struct {
		change  func(*toyThing)
		action  Action
		phase   Phase
		why     string
		changed bool
		bound   bool
	}{
		"as wanted":            {func(*toyThing) {}, Keep, Ready, "", false, true},
		"not ready yet":        {func(a *toyThing) { a.readyAt = time.Now().Add(time.Minute) }, Wait, Pending, "warming up", false, true},
		"it differs":           {func(a *toyThing) { delete(a.Attrs, "plain") }, Update, Ready, "", true, true},
		"it differs, unready":  {func(a *toyThing) { delete(a.Attrs, "plain"); a.readyAt = time.Now().Add(time.Minute) }, Update, Pending, "warming up", true, true},
		"it failed":            {func(a *toyThing) { a.Dead = true }, Replace, Failed, "died", true, false},
		"it is leaving, bound": {func(a *toyThing) { a.Leaving = true }, Replace, Leaving, "on its way out", true, false},
		"it has other looks":   {func(a *toyThing) { a.Attrs["looks"] = "old" }, Replace, Ready, "it looks so for life", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				a := w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)]
				w.plant("b/0", toyOwner.ID, toyOwner.Stack, a.ID)
				j.entries["a/0"] = Entry{Key: "a/0", ID: a.ID}
				c.change(a)
				g := slow.build(w)
				plan := mustPlan(t, toyEngine(j), g)
				got := plan.Steps[0]
				if got.Key != "a/0" || got.Action != c.action || got.Phase != c.phase || got.Why != c.why || got.ID != a.ID {
					t.Errorf("got %+v, want %s, %s, %q", got, c.action, c.phase, c.why)
				}
				changed := slices.ContainsFunc(plan.Changed(), func(s Step) bool { return s.Key == "a/0" })
				if changed != c.changed || plan.Count(c.action) == 0 || plan.Count("nothing") != 0 {
					t.Errorf("changed: %t, want %t; %d of that action", changed, c.changed, plan.Count(c.action))
				}
				if bound := plan.Ref("a/0").ID() != ""; bound != c.bound {
					t.Errorf("it is referred to: %t, want %t", bound, c.bound)
				}
				if len(plan.Refused()) > 0 {
					t.Errorf("refused: %v", plan.Refused())
				}
			})
		})
	}
}

// A change that can't be made in place is refused where it is an update: what is created again has it anyway.
func TestOnlyUpdatesAreRefused(t *testing.T) {
	fixed := []Change{{Field: "CIDR", Fixed: "a VPC keeps it"}}
	plan := &Plan{Steps: []Step{
		{Key: "a/0", Action: Update, Changes: []Change{{Field: "size"}}},
		{Key: "a/1", Action: Update, Changes: fixed},
		{Key: "a/2", Action: Replace, Changes: fixed},
		{Key: "a/3", Action: Keep},
	}}
	if got := plan.Refused(); len(got) != 1 || got[0].Key != "a/1" {
		t.Errorf("refused: %v", got)
	}
	if why := replacement(append([]Change{{Field: "x", Replace: "it is for life"}, {Field: "y", Replace: "second"}}, Change{Field: "size"})); why != "it is for life" {
		t.Errorf("replacement() = %q", why)
	}
	if why := replacement(append([]Change{{Field: "x", Replace: "it is for life"}}, fixed...)); why != "" {
		t.Errorf("with a change that forbids it, replacement() = %q", why)
	}
	never := &Plan{Steps: []Step{{Key: "a/0", Action: Delete}, {Key: "a/0", Action: Keep, ID: "1"}}}
	if s := never.step("a/0"); s.Action != Keep {
		t.Errorf("the step of a wanted resource is %v", s)
	}
}

// What the journal knows and nobody wants or sees is forgotten, as soon as it would have been listed.
func TestWhatIsUnwantedAndGoneIsForgotten(t *testing.T) {
	for name, c := range map[string]struct {
		entry  Entry
		age    time.Duration
		there  bool
		forget bool
	}{
		"its ID is gone":                     {entry: Entry{Key: "z/0", ID: "gone"}, age: time.Hour, forget: true},
		"it went just now":                   {entry: Entry{Key: "z/0", ID: "gone"}, forget: true},
		"an old claim":                       {entry: Entry{Key: "z/0", Nonce: "n"}, age: settleTime, forget: true},
		"a fresh claim":                      {entry: Entry{Key: "z/0", Nonce: "n"}, age: settleTime - time.Minute},
		"an old claim, and a generation":     {entry: Entry{Key: "z/0", Nonce: "n", Former: []string{"planted-1"}}, age: time.Hour, there: true, forget: false},
		"nothing but its key":                {entry: Entry{Key: "z/0"}, age: time.Hour},
		"it is there":                        {entry: Entry{Key: "z/0", ID: "planted-1"}, age: time.Hour, there: true},
		"of a kind that the graph lacks":     {entry: Entry{Key: "y/0", ID: "gone"}, age: time.Hour},
		"it is wanted":                       {entry: Entry{Key: "a/0", ID: "gone"}, age: time.Hour},
		"a generation that nobody sees":      {entry: Entry{Key: "z/0", Former: []string{"gone"}}, age: time.Hour, forget: true},
		"such a one of a kind that it lacks": {entry: Entry{Key: "y/0", Former: []string{"gone"}}, age: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				if c.there {
					w.plant("z/0", toyOwner.ID, toyOwner.Stack)
				}
				c.entry.Since = time.Now().Add(-c.age)
				j.entries[c.entry.Key] = c.entry
				g := shape{nodes: alone.nodes, kinds: []node{{key: "a/0"}, {key: "z/0"}}}.build(w)
				plan := mustPlan(t, toyEngine(j), g)
				if forgets := len(plan.lost) > 0; forgets != c.forget {
					t.Errorf("it forgets %v, want %t", plan.lost, c.forget)
				}
				for _, gone := range plan.lost {
					if gone.key != c.entry.Key || gone.id != c.entry.ID && !slices.Contains(c.entry.Former, gone.id) {
						t.Errorf("it forgets %v of %+v", gone, c.entry)
					}
				}
			})
		})
	}
}

// Of generations the latest stands, unless only an earlier one is there, or is as wanted.
func TestAPlanChoosesAmongGenerations(t *testing.T) {
	for name, c := range map[string]struct {
		entry    Entry
		now, was string // looks of the latest and the earlier generation; empty: it is not there
		owner    string // of the earlier one, if not this one's
		want     string
		action   Action
		lost     []lost
		back     []lost
		err      string
	}{
		"the latest":                         {entry: Entry{ID: "2", Former: []string{"1"}}, now: "new", was: "old", want: "2", action: Keep},
		"the latest alone":                   {entry: Entry{ID: "2", Former: []string{"1"}}, now: "new", want: "2", action: Keep, lost: []lost{{"a/0", "1"}}},
		"the earlier alone":                  {entry: Entry{ID: "2", Former: []string{"1"}}, was: "old", want: "1", action: Replace, lost: []lost{{"a/0", "2"}}},
		"the earlier, and a claim":           {entry: Entry{Nonce: "n", Former: []string{"1"}}, was: "old", want: "1", action: Replace},
		"the earlier is as wanted":           {entry: Entry{ID: "2", Former: []string{"1"}}, now: "odd", was: "new", want: "1", action: Keep, back: []lost{{"a/0", "2"}}},
		"neither is as wanted":               {entry: Entry{ID: "2", Former: []string{"1"}}, now: "odd", was: "old", want: "2", action: Replace},
		"both are as wanted":                 {entry: Entry{ID: "2", Former: []string{"1"}}, now: "new", was: "new", want: "2", action: Keep},
		"the earlier is another owner's now": {entry: Entry{ID: "2", Former: []string{"1"}}, now: "new", was: "old", owner: "01SOMEBODY", err: "belongs to 01SOMEBODY"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				for id, looks := range map[string]string{"2": c.now, "1": c.was} {
					if looks == "" {
						continue
					}
					thing := &toyThing{toyState: seenToy(id).(toyState)}
					thing.Attrs = map[string]string{"plain": "on", "looks": looks}
					if id == "1" && c.owner != "" {
						thing.Tags[TagOwner] = c.owner
					}
					w.things[id] = thing
				}
				c.entry.Key, c.entry.Since = "a/0", time.Now().Add(-time.Hour)
				j.entries["a/0"] = c.entry
				g := shape{nodes: []node{{key: "a/0", looks: "new"}}}.build(w)
				plan, err := toyEngine(j).Plan(t.Context(), g)
				if c.err != "" {
					if !strings.Contains(message(err), c.err) {
						t.Errorf("Plan() = %v, want %q", err, c.err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if s := plan.Steps[0]; s.ID != c.want || s.Action != c.action {
					t.Errorf("%s of %q, want %s of %q", s.Action, s.ID, c.action, c.want)
				}
				opts := cmp.AllowUnexported(lost{})
				if diff := cmp.Diff(c.lost, plan.lost, opts); diff != "" {
					t.Errorf("lost (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.back, plan.back, opts); diff != "" {
					t.Errorf("back (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// What failed of a kind that fades goes by itself, whosever it is; it is deleted only where the journal knows it.
func TestWhatFadesIsLeftToTheCloud(t *testing.T) {
	for name, c := range map[string]struct {
		owner   string
		dead    bool
		known   bool
		fades   bool
		steps   int
		foreign int
		removed int // by a removal
	}{
		"this stack's, unknown":              {owner: toyOwner.ID, dead: true, fades: true},
		"this stack's, known":                {owner: toyOwner.ID, dead: true, fades: true, known: true, steps: 1, removed: 1},
		"this stack's, alive":                {owner: toyOwner.ID, fades: true, steps: 1, removed: 1},
		"this stack's, of a kind that stays": {owner: toyOwner.ID, dead: true, steps: 1, removed: 1},
		"another's":                          {owner: "01SOMEBODY", dead: true, fades: true},
		"another's, alive":                   {owner: "01SOMEBODY", fades: true, foreign: 1},
		"another's, of a kind that stays":    {owner: "01SOMEBODY", dead: true, foreign: 1},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world, j *notebook) {
				id := w.plant("a/0", c.owner, toyOwner.Stack)
				w.things[id].Dead = c.dead
				if c.known {
					j.entries["a/0"] = Entry{Key: "a/0", ID: id}
				}
				g := New("toyland")
				AddKind(g, fading{toyKind{world: w, name: "a"}, c.fades})
				plan := mustPlan(t, toyEngine(j), g)
				if len(plan.Steps) != c.steps || len(plan.Foreign) != c.foreign || len(plan.Spare) > 0 {
					t.Errorf("steps %v, foreign %v, spare %v", plan.Steps, plan.Foreign, plan.Spare)
				}
				removal, err := toyEngine(j).PlanRemoval(t.Context(), g)
				if err != nil || len(removal.Steps) != c.removed || len(removal.Foreign) != c.foreign {
					t.Errorf("a removal: steps %v, foreign %v, %v", removal.Steps, removal.Foreign, err)
				}
			})
		})
	}
}

// Things with the keys of others' stacks are nothing to a removal; what carries this stack's name is told.
func TestARemovalTellsOfOthersOfItsName(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		theirs := w.plant("a/0", "01SOMEBODY", toyOwner.Stack)
		w.plant("a/1", "01SOMEBODY", "other")
		w.plant("a/2", toyOwner.ID, toyOwner.Stack)
		removal, err := toyEngine(j).PlanRemoval(t.Context(), justKinds(w, "a"))
		if err != nil || len(removal.Foreign) != 1 || removal.Foreign[0].ID != theirs || len(removal.Steps) != 1 || removal.Steps[0].Key != "a/2" {
			t.Errorf("steps %v, foreign %v, %v", removal.Steps, removal.Foreign, err)
		}
	})
}

func TestARemovalCanBeLimited(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.plant("a/1", toyOwner.ID, toyOwner.Stack)
		removal, err := toyEngine(j).PlanRemoval(t.Context(), justKinds(w, "a"))
		if err != nil {
			t.Fatal(err)
		}
		removal.Only(func(s Step) bool { return s.Key == "a/1" })
		if len(removal.Steps) != 1 || removal.Steps[0].Key != "a/1" {
			t.Errorf("steps %v", removal.Steps)
		}
		if err := toyEngine(j).Remove(t.Context(), removal); err != nil || !slices.Equal(w.calls, []string{"delete a/1"}) {
			t.Errorf("Remove() = %v after %v", err, w.calls)
		}
	})
}

func TestAPlanTellsOfWhatIsNotThereYet(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		plan := mustPlan(t, toyEngine(j), chain.build(w))
		var fields []string
		for _, c := range plan.Lacking("a/0") {
			fields = append(fields, c.Field)
		}
		if !slices.Contains(fields, "plain") || plan.Lacking("a/9") != nil || (&Plan{}).Lacking("a/0") != nil {
			t.Errorf("lacking: %v, %v, %v", fields, plan.Lacking("a/9"), (&Plan{}).Lacking("a/0"))
		}
		if plan.Tags("a/0")[TagKey] != "a/0" || plan.Tags("a/9") != nil || (&Plan{}).Tags("a/0") != nil {
			t.Errorf("tags: %v, %v", plan.Tags("a/0"), plan.Tags("a/9"))
		}
		if diff := cmp.Diff([]Key{"a/0", "b/0", "c/0"}, plan.Keys()); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		kinds := plan.Kinds()
		slices.Sort(kinds)
		if diff := cmp.Diff([]string{"a", "b", "c"}, kinds); diff != "" {
			t.Errorf("kinds (-want +got):\n%s", diff)
		}
		if len(plan.Needs("b/0")) != 1 || plan.Needs("a/9") != nil {
			t.Errorf("needs: %v, %v", plan.Needs("b/0"), plan.Needs("a/9"))
		}
	})
}

// An outlook has what each step waits for: creations, waits and replacements for the cloud, removals for all the rest.
func TestOutlookOfWaitsReplacementsAndRemovals(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		slow := shape{nodes: []node{{key: "a/0", takes: time.Minute}, {key: "a/1", takes: time.Minute}, {key: "a/2", takes: time.Minute}}}
		w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].readyAt = time.Now().Add(time.Hour)
		w.things[w.plant("a/1", toyOwner.ID, toyOwner.Stack)].Dead = true
		delete(w.things[w.plant("a/2", toyOwner.ID, toyOwner.Stack)].Attrs, "plain")
		w.plant("a/3", toyOwner.ID, toyOwner.Stack)
		want := []Outlook{
			{Key: "a/0", Usual: time.Minute},
			{Key: "a/1", Usual: time.Minute},
			{Key: "a/2"},
			{Key: "a/3", Usual: time.Minute, After: []Key{"a/0", "a/1", "a/2"}},
		}
		if diff := cmp.Diff(want, mustPlan(t, toyEngine(j), slow.build(w)).Outlook()); diff != "" {
			t.Errorf("of a plan (-want +got):\n%s", diff)
		}
		g := New("toyland")
		AddKind(g, tied{toyKind{world: w, name: "b", takes: time.Minute}})
		AddKind(g, toyKind{world: w, name: "a", takes: time.Minute}, "b")
		w.things = map[string]*toyThing{}
		w.plant("a/0", toyOwner.ID, toyOwner.Stack)
		w.plant("b/0", toyOwner.ID, toyOwner.Stack)
		removal, err := toyEngine(j).PlanRemoval(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		want = []Outlook{{Key: "b/0"}, {Key: "a/0", Usual: time.Minute, After: []Key{"b/0"}}}
		if diff := cmp.Diff(want, removal.Outlook()); diff != "" {
			t.Errorf("of a removal (-want +got):\n%s", diff)
		}
	})
}

// What takes less time to go than the slowest is looked at less often.
func TestSlackOfARemoval(t *testing.T) {
	things := []doomed{
		{kind: kindOf[toyState]{toyKind{name: "a", takes: time.Minute}}, key: "a/0"},
		{kind: kindOf[toyState]{toyKind{name: "b", takes: 5 * time.Minute}}, key: "b/0"},
	}
	want := map[Key]time.Duration{"a/0": 4 * time.Minute, "b/0": 0}
	if diff := cmp.Diff(want, leaveSlacks(things)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Where a plan replaces something, a claim whose creation may be unseen is looked for as long as any.
func TestAPlanThatReplacesLooksForOpenClaims(t *testing.T) {
	for name, c := range map[string]struct {
		dead  bool
		claim bool
		reads int
	}{
		"it replaces, and a claim is open": {true, true, 1 + 1 + settleLooks},
		"it replaces":                      {true, false, 1},
		"a claim is open":                  {false, true, 1},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].Dead = c.dead
			if c.claim {
				j.entries["a/1"] = Entry{Key: "a/1", Nonce: "n", Since: time.Now()}
			}
			g := shape{nodes: []node{{key: "a/0", safe: true}, {key: "a/1", safe: true}}}.build(w)
			if mustPlan(t, toyEngine(j), g); w.reads != c.reads {
				t.Errorf("%s: %d reads, want %d", name, w.reads, c.reads)
			}
		})
	}
	inBubble(t, func(t *testing.T, w *world, j *notebook) { // and what can't be read then is an error
		w.things[w.plant("a/0", toyOwner.ID, toyOwner.Stack)].Dead = true
		j.entries["a/1"] = Entry{Key: "a/1", Nonce: "n", Since: time.Now()}
		reads := 0
		w.blind = func(string) error {
			if reads++; reads > 1 {
				return errToyRefused
			}
			return nil
		}
		g := shape{nodes: []node{{key: "a/0", safe: true}, {key: "a/1", safe: true}}}.build(w)
		if _, err := toyEngine(j).Plan(t.Context(), g); !errors.Is(err, errToyRefused) {
			t.Errorf("Plan() = %v", err)
		}
	})
}
