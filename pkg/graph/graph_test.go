package graph

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// panics is what do panics with, or empty.
func panics(do func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	do()
	return ""
}

func TestAGraphRefusesMistakesAtTheLine(t *testing.T) {
	kind := func(name string) toyKind { return toyKind{name: name} }
	wish := func(key Key, needs ...Key) toy {
		r := toy{toyKind: kind(key.Kind()), Meta: Meta{Is: key}}
		for _, n := range needs {
			r.needs = append(r.needs, Need{Key: n})
		}
		return r
	}
	never := func(context.Context) error { return nil }
	for name, tc := range map[string]struct {
		add  func(g *Graph)
		want string
	}{
		"fine": {func(g *Graph) {
			AddKind(g, kind("c"), "a")
			Add(g, wish("a/0"))
			g.Gate("gate", never)
			Add(g, wish("a/1", "a/0", "gate"))
			g.After("a", "b")
		}, ""},
		"a key twice":         {func(g *Graph) { Add(g, wish("a/0")); Add(g, wish("a/0")) }, "a/0 is added twice"},
		"a gate twice":        {func(g *Graph) { g.Gate("gate", never); g.Gate("gate", never) }, "gate is added twice"},
		"a gate for a key":    {func(g *Graph) { Add(g, wish("a/0")); g.Gate("a/0", never) }, "a/0 is added twice"},
		"a key for a gate":    {func(g *Graph) { g.Gate("a/0", never); Add(g, wish("a/0")) }, "a/0 is added twice"},
		"an edge to nothing":  {func(g *Graph) { Add(g, wish("a/0", "a/9")) }, "a/0 needs a/9, which is not in the graph"},
		"an edge to itself":   {func(g *Graph) { Add(g, wish("a/0", "a/0")) }, "a/0 needs a/0, which is not in the graph"},
		"no kind":             {func(g *Graph) { Add(g, wish("z/0")) }, `z/0 is of the kind "z", which is not in the graph`},
		"a key of other kind": {func(g *Graph) { Add(g, toy{toyKind: kind("a"), Meta: Meta{Is: "b/0"}}) }, `b/0 is of the kind "a"`},
		"a kind twice":        {func(g *Graph) { AddKind(g, kind("a")) }, `the kind "a" is added twice`},
		"a misspelt kind":     {func(g *Graph) { AddKind(g, kind("c"), "nat-gatway") }, `the kind "c" goes after "nat-gatway", which is not in`},
		"after itself":        {func(g *Graph) { AddKind(g, kind("c"), "c") }, `the kind "c" goes after "c", which is not in`},
		"later: misspelt":     {func(g *Graph) { g.After("a", "nat-gatway") }, `the kind "a" goes after "nat-gatway", which is not in`},
		"later: no such kind": {func(g *Graph) { g.After("z", "a") }, `the kind "z" is not in`},
		"later: itself":       {func(g *Graph) { g.After("a", "a") }, `the kind "a" can't go after "a"`},
		"later: a circle": {func(g *Graph) {
			AddKind(g, kind("c"), "a")
			g.After("b", "c")
			g.After("a", "b")
		}, `the kind "a" can't go after "b", which goes after it`},
	} {
		t.Run(name, func(t *testing.T) {
			g := New("toyland")
			AddKind(g, kind("a"))
			AddKind(g, kind("b"))
			got := panics(func() { tc.add(g) })
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) || got != "" && !strings.HasPrefix(got, "graph of toyland: ") {
				t.Errorf("it panics with %q, want %q", got, tc.want)
			}
		})
	}
}

// Two callers of one name with two types would share an answer that one of them sees as empty, and creates what is there.
func TestOnceRefusesOneNameOfTwoTypes(t *testing.T) {
	s := &Look{}
	numbers := func(context.Context) ([]int, error) { return []int{1}, nil }
	for range 2 {
		if got, err := Once(t.Context(), s, "things", numbers); err != nil || len(got) != 1 {
			t.Errorf("Once() = %v, %v", got, err)
		}
	}
	got := panics(func() {
		_, _ = Once(t.Context(), s, "things", func(context.Context) ([]string, error) { return nil, nil })
	})
	if !strings.Contains(got, `"things" is read once as`) || !strings.Contains(got, "[]int") || !strings.Contains(got, "[]string") {
		t.Errorf("it panics with %q, want the name and both types", got)
	}
	if _, err := Once(t.Context(), s, "other things", func(context.Context) ([]string, error) { return nil, nil }); err != nil {
		t.Error(err)
	}
}
