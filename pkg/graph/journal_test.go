package graph

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEntryClaimed(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	was := Entry{Key: "a/0", ID: "2", Nonce: "old", Former: []string{"1"}}
	got := was.Claimed(Claim{Key: "a/0", Nonce: "new", Former: []string{"1", "2"}}, now)
	want := Entry{Key: "a/0", Nonce: "new", Since: now, Former: []string{"1", "2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(was.Former) != 1 {
		t.Errorf("the entry before it has %v", was.Former)
	}
}

func TestEntryBound(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		was  Entry
		id   string
		want Entry
	}{
		"created":                         {Entry{Nonce: "n"}, "1", Entry{ID: "1", Nonce: "n"}},
		"created again":                   {Entry{Nonce: "n", Former: []string{"1"}}, "2", Entry{ID: "2", Nonce: "n", Former: []string{"1"}}},
		"found under another ID":          {Entry{ID: "1"}, "2", Entry{ID: "2"}},
		"restored":                        {Entry{ID: "2", Former: []string{"0", "1"}}, "1", Entry{ID: "1", Former: []string{"0", "2"}}},
		"restored before the next is one": {Entry{Nonce: "n", Former: []string{"1"}}, "1", Entry{ID: "1", Nonce: "n"}},
	} {
		c.want.Since = now
		if diff := cmp.Diff(c.want, c.was.Bound(c.id, now)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestEntryWithout(t *testing.T) {
	for name, c := range map[string]struct {
		was   Entry
		id    string
		want  Entry
		known bool
	}{
		"all of them":                    {Entry{ID: "2", Nonce: "n", Former: []string{"1"}}, "", Entry{}, false},
		"the resource":                   {Entry{ID: "1", Nonce: "n"}, "1", Entry{}, false},
		"the resource, after another":    {Entry{ID: "2", Nonce: "n", Former: []string{"1"}}, "2", Entry{Former: []string{"1"}}, true},
		"one of two generations":         {Entry{Former: []string{"1", "2"}}, "1", Entry{Former: []string{"2"}}, true},
		"the generation that is left":    {Entry{Former: []string{"1"}}, "1", Entry{}, false},
		"a generation, and one is there": {Entry{ID: "2", Former: []string{"1"}}, "1", Entry{ID: "2"}, true},
		"a generation, and one is open":  {Entry{Nonce: "n", Former: []string{"1"}}, "1", Entry{Nonce: "n"}, true},
		"what a claim made unseen":       {Entry{Nonce: "n"}, "1", Entry{}, false},
		"another":                        {Entry{ID: "1", Nonce: "n"}, "3", Entry{ID: "1", Nonce: "n"}, true},
	} {
		left, known := c.was.Without(c.id)
		if diff := cmp.Diff(c.want, left); diff != "" || known != c.known {
			t.Errorf("%s: known %t, want %t (-want +got):\n%s", name, known, c.known, diff)
		}
	}
}

func TestEntryKnowsAndIsOpen(t *testing.T) {
	e := Entry{ID: "2", Former: []string{"1"}}
	if !e.Knows("1") || !e.Knows("2") || e.Knows("3") {
		t.Error("it knows its own and its earlier generations, and no other")
	}
	for name, c := range map[string]struct {
		e    Entry
		want bool
	}{"nothing": {Entry{}, false}, "a claim": {Entry{Nonce: "n"}, true}, "bound": {Entry{ID: "1", Nonce: "n"}, false}, "found": {Entry{ID: "1"}, false}} {
		if got := c.e.open(); got != c.want {
			t.Errorf("%s: open() = %t, want %t", name, got, c.want)
		}
	}
}
