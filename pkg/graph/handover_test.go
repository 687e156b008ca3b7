package graph

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// handing is a balancer that drops its "zone" only when the group, which needs it for its creation, has "moved".
func handing(w *world) (g *Graph, balancer, group toy) {
	labels := func(key Key) Meta {
		return Meta{Is: key, Labels: Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: string(key)}}}
	}
	g = New("toyland")
	balancers, groups := toyKind{world: w, name: "balancer"}, toyKind{world: w, name: "group"}
	AddKind(g, groups)
	AddKind(g, balancers, "group")
	balancer = toy{toyKind: balancers, Meta: labels("balancer"), attrs: map[string]Key{"zone": "group"}}
	front := Add(g, balancer)
	group = toy{
		toyKind: groups, Meta: labels("group"), attrs: map[string]Key{"moved": ""}, needs: []Need{front.Ready()}, refs: []Ref{front},
	}
	g.HandsOver(front, Add(g, group))
	return g, balancer, group
}

func TestAHandoverWaitsForTheHeirThatIsThere(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g, _, _ := handing(w)
		if err := up(t.Context(), toyEngine(j), g); err != nil { // neither is there: nothing is handed over
			t.Fatal(err)
		}
		for _, thing := range w.things {
			delete(thing.Attrs, "zone")
			delete(thing.Attrs, "moved")
		}
		refuse := true
		w.fault = func(_ int, call string) fate {
			if refuse && call == "update group moved" {
				return refused
			}
			return fine
		}
		w.calls = nil
		g, _, _ = handing(w)
		err := up(t.Context(), toyEngine(j), g)
		if !errors.Is(err, errToyRefused) || slices.Contains(w.calls, "update balancer zone") || len(Causes(err)) != 1 {
			t.Errorf("up: %v; calls: %v, want the balancer to keep its zone while the group can't move", err, w.calls)
		}
		refuse, w.calls = false, nil
		g, _, _ = handing(w)
		if err := up(t.Context(), toyEngine(j), g); err != nil {
			t.Fatal(err)
		}
		if want := []string{"update group moved", "update balancer zone"}; !slices.Equal(w.calls, want) {
			t.Errorf("calls: %v, want %v", w.calls, want)
		}
	})
}

// An heir that failed is created again, for which it needs the resource that hands over: they would wait for each other.
func TestAHandoverDoesNotWaitForAnHeirThatIsCreatedAnew(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g, _, _ := handing(w)
		if err := up(t.Context(), toyEngine(j), g); err != nil {
			t.Fatal(err)
		}
		delete(w.things[j.entries["balancer"].ID].Attrs, "zone")
		w.things[j.entries["group"].ID].Dead = true
		g, _, _ = handing(w)
		if err := up(t.Context(), toyEngine(j), g); err != nil {
			t.Fatal(err)
		}
		if w.things[j.entries["balancer"].ID].Attrs["zone"] != "on" || w.things[j.entries["group"].ID].Dead {
			t.Errorf("it is not as wanted: %v", w.calls)
		}
	})
}

func TestWhatIsUnwantedGoesWhenAllThatIsWantedIsReady(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		delete(w.things[j.entries["a/0"].ID].Attrs, "plain")
		less := chain.looking("", func(node) bool { return false }, 2)
		refuse := true
		w.fault = func(_ int, call string) fate {
			if refuse && strings.HasPrefix(call, "update a/0") {
				return refused
			}
			return fine
		}
		if err := up(t.Context(), toyEngine(j), less.build(w)); !errors.Is(err, errToyRefused) || slices.Contains(w.calls, "delete c/0") {
			t.Errorf("up: %v; calls: %v, want c/0 to stay while a/0 can't be updated", err, w.calls)
		}
		refuse, w.calls = false, nil
		if err := up(t.Context(), toyEngine(j), less.build(w)); err != nil {
			t.Fatal(err)
		}
		if want := []string{"update a/0 plain", "delete c/0"}; !slices.Equal(w.calls, want) {
			t.Errorf("calls: %v, want %v", w.calls, want)
		}
	})
}

func TestAHandoverRefusesMistakesAtTheLine(t *testing.T) {
	w := newWorld()
	g, _, group := handing(w)
	front, heir := g.Ref("balancer"), g.Ref("group")
	later := group
	later.Is, later.needs, later.refs = "group/later", []Need{front.Ready()}, nil
	routes := group
	routes.Is, routes.refs = "group/routes", nil
	routes.needs = []Need{Add(g, later).Ready().ThenUpdate()}
	Add(g, routes)
	for want, do := range map[string]func(){
		"nothing is not in the graph":                  func() { g.HandsOver(front, g.Ref("nothing")) },
		"nothing hands over to group, and nothing is":  func() { g.HandsOver(g.Ref("nothing"), heir) },
		"balancer can't hand over to balancer":         func() { g.HandsOver(front, front) },
		"group can't hand over to balancer, whose":     func() { g.HandsOver(heir, front) },
		"balancer can't hand over to group/routes, wh": func() { g.HandsOver(front, g.Ref("group/routes")) },
	} {
		if got := panics(do); !strings.Contains(got, want) {
			t.Errorf("it panics with %q, want %q", got, want)
		}
	}
	if got := panics(func() { g.HandsOver(front, g.Ref("group/later")) }); got != "" {
		t.Errorf("it panics with %q", got)
	}
}

// A group whose moves wait for a way can be handed over to by a balancer that the way's maker only has to have been made
// for, and not by one that it waits for.
func TestAHandoverMayNotWaitForItself(t *testing.T) {
	for made, panics := range map[bool]bool{true: false, false: true} {
		func() {
			defer func() {
				if refused := recover(); (refused != nil) != panics {
					t.Errorf("the way needs the balancer to be made only: %t; the graph is refused: %v", made, refused)
				}
			}()
			w := &world{}
			g := New("toyland")
			kinds := map[string]toyKind{}
			for _, name := range []string{"group", "way", "balancer"} {
				kinds[name] = toyKind{world: w, name: name}
				AddKind(g, kinds[name])
			}
			balancer := Add(g, toy{toyKind: kinds["balancer"], Meta: Meta{Is: "balancer"}})
			need := balancer.Ready()
			if made {
				need = balancer.Made()
			}
			way := Add(g, toy{toyKind: kinds["way"], Meta: Meta{Is: "way"}, needs: []Need{need}})
			g.HandsOver(balancer, Add(g, toy{toyKind: kinds["group"], Meta: Meta{Is: "group"}, needs: []Need{way.Ready().ThenUpdate()}}))
		}()
	}
}

// A change that waits for several resources is made when the last of them is ready.
func TestAChangeWaitsForAllThatItNames(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		g := New("toyland")
		kinds := map[string]toyKind{
			"slow": {world: w, name: "slow", takes: time.Minute}, "slower": {world: w, name: "slower", takes: time.Hour}, "group": {world: w, name: "group"},
		}
		add := func(kind string, also ...toy) Ref {
			r := toy{}
			for _, one := range also {
				r = one
			}
			AddKind(g, kinds[kind])
			r.toyKind = kinds[kind]
			r.Meta = Meta{Is: Key(kind), Labels: Tags{Want: map[string]string{TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: kind}}}
			return Add(g, r)
		}
		slow, slower := add("slow"), add("slower")
		add("group", toy{
			attrs: map[string]Key{"moved": "slow"}, also: []Key{"slower"},
			needs: []Need{slow.Ready().ThenUpdate(), slower.Ready().ThenUpdate()},
		})
		start := time.Now()
		if err := up(t.Context(), toyEngine(j), g); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < time.Hour || !slices.Contains(w.calls, "update group moved") {
			t.Errorf("after %s, calls: %v", took, w.calls)
		}
	})
}
