package graph

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seenToy is a toy of this stack as a list shows it, with the nonce n-<id>.
func seenToy(id string, change ...func(*toyState)) Observed {
	o := toyState{Ready: true, Identity: Identity{ID: id, Tags: map[string]string{
		TagStack: toyOwner.Stack, TagOwner: toyOwner.ID, TagKey: "a/0", TagNonce: "n-" + id,
	}}}
	for _, each := range change {
		each(&o)
	}
	return o
}

func tagged(name, value string) func(*toyState) {
	return func(o *toyState) { o.Tags[name] = value }
}

func dead(o *toyState)  { o.Dead = true }
func going(o *toyState) { o.Leaving = true }

func TestPick(t *testing.T) {
	theirs, stripped := tagged(TagOwner, "01SOMEBODY"), tagged(TagOwner, "")
	for _, c := range []struct {
		name  string
		entry Entry
		seen  []Observed
		want  string // its ID
		err   string
	}{
		{name: "nothing is there"},
		{name: "by its tags", seen: []Observed{seenToy("1")}, want: "1"},
		{name: "another key", seen: []Observed{seenToy("1", tagged(TagKey, "a/1"))}},
		{name: "another owner", seen: []Observed{seenToy("1", theirs)}},
		{name: "another stack", seen: []Observed{seenToy("1", tagged(TagStack, "other"))}},
		{name: "no owner", seen: []Observed{seenToy("1", stripped)}},
		{name: "it is leaving", seen: []Observed{seenToy("1", going)}},
		{name: "one is leaving", seen: []Observed{seenToy("1", going), seenToy("2")}, want: "2"},
		{name: "it failed", seen: []Observed{seenToy("1", dead)}, want: "1"},
		{name: "one failed", seen: []Observed{seenToy("1", dead), seenToy("2"), seenToy("3", dead)}, want: "2"},
		{name: "bound", entry: Entry{ID: "2"}, seen: []Observed{seenToy("1"), seenToy("2")}, want: "2"},
		{name: "bound and leaving", entry: Entry{ID: "1"}, seen: []Observed{seenToy("1", going), seenToy("2")}, want: "1"},
		{name: "bound, its tags are lost", entry: Entry{ID: "1"}, seen: []Observed{seenToy("1", stripped)}, want: "1"},
		{
			name: "bound, and taken over", entry: Entry{ID: "1"}, seen: []Observed{seenToy("1", theirs)},
			err: "a/0 is 1 in the state, but its provision:owner tag says that it belongs to 01SOMEBODY",
		},
		{name: "bound, and gone", entry: Entry{ID: "3"}, seen: []Observed{seenToy("1")}, want: "1"},
		{name: "an earlier generation", entry: Entry{Former: []string{"1"}}, seen: []Observed{seenToy("1")}},
		{name: "the next generation", entry: Entry{Former: []string{"1"}}, seen: []Observed{seenToy("1"), seenToy("2")}, want: "2"},
		{name: "the first by nonce", entry: Entry{Nonce: "n-1"}, seen: []Observed{seenToy("1"), seenToy("2")}, want: "1"},
		{name: "the second by nonce", entry: Entry{Nonce: "n-2"}, seen: []Observed{seenToy("1"), seenToy("2")}, want: "2"},
		{
			name: "two, neither of the nonce", entry: Entry{Nonce: "n-3"}, seen: []Observed{seenToy("1"), seenToy("2")},
			err: "a/0 exists 2 times: 1, 2",
		},
		{
			name: "two without a nonce", seen: []Observed{seenToy("1", tagged(TagNonce, "")), seenToy("2", tagged(TagNonce, ""))},
			err: "a/0 exists 2 times: 1, 2",
		},
		{
			name: "two that failed", seen: []Observed{seenToy("1", dead), seenToy("2", dead)},
			err: "a/0 exists 2 times: 1, 2",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := pick(toyOwner, "a/0", c.entry, kindOf[toyState]{toyKind{name: "a"}}, c.seen)
			if message(err) != c.err {
				t.Errorf("error %q, want %q", message(err), c.err)
			}
			if id := idOf(got); id != c.want {
				t.Errorf("picked %q, want %q", id, c.want)
			}
		})
	}
}

func TestFormerOf(t *testing.T) {
	generations := Entry{ID: "3", Former: []string{"1", "2"}}
	for _, c := range []struct {
		name string
		seen []Observed
		want string
		err  string
	}{
		{name: "none is there", seen: []Observed{seenToy("3")}},
		{name: "the latest", seen: []Observed{seenToy("1"), seenToy("2")}, want: "2"},
		{name: "the latest is leaving", seen: []Observed{seenToy("1"), seenToy("2", going)}, want: "1"},
		{
			name: "taken over", seen: []Observed{seenToy("1", tagged(TagOwner, "01SOMEBODY"))},
			err: "a/0 is 1 in the state, but its provision:owner tag says that it belongs to 01SOMEBODY",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := formerOf(toyOwner, "a/0", generations, kindOf[toyState]{toyKind{name: "a"}}, c.seen)
			if message(err) != c.err || idOf(got) != c.want {
				t.Errorf("formerOf() = %q, %q, want %q, %q", idOf(got), message(err), c.want, c.err)
			}
		})
	}
}

func TestOwns(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Observed
		want bool
	}{
		{"both tags", seenToy("1"), true},
		{"another owner", seenToy("1", tagged(TagOwner, "01SOMEBODY")), false},
		{"another stack", seenToy("1", tagged(TagStack, "other")), false},
	} {
		if got := toyOwner.Owns(c.o.Ident()); got != c.want {
			t.Errorf("%s: Owns() = %t, want %t", c.name, got, c.want)
		}
	}
}

// A thing whose owner tag is not this stack's is never deleted, though the state says that it is the stack's: neither by a
// removal nor as what a plan wants no more.
func TestOnlyWhatCarriesItsOwnersTagIsDeleted(t *testing.T) {
	withoutC := shape{nodes: chain.nodes[:2], kinds: chain.nodes}
	for name, remove := range map[string]func(*testing.T, *world, *notebook) error{
		"down": func(t *testing.T, w *world, j *notebook) error {
			return down(t.Context(), toyEngine(j), chain.build(w))
		},
		"up": func(t *testing.T, w *world, j *notebook) error {
			return up(t.Context(), toyEngine(j), withoutC.build(w))
		},
	} {
		for _, owner := range []string{"", "01SOMEBODY"} {
			t.Run(name+" with owner "+owner, func(t *testing.T) {
				inBubble(t, func(t *testing.T, w *world, j *notebook) {
					if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
						t.Fatal(err)
					}
					id := j.entries["c/0"].ID
					w.things[id].Tags[TagOwner] = owner
					if owner == "" {
						delete(w.things[id].Tags, TagStack) // all that told whose it is
					}
					err := remove(t, w, j)
					if w.things[id] == nil {
						t.Errorf("%s was deleted, owner %q", id, owner)
					}
					// A plan takes another owner's thing for foreign, and says so without an error.
					if foreign := name == "up" && owner != ""; !foreign && !strings.Contains(message(err), id+" lacks this stack's provision:owner tag") {
						t.Errorf("%s: %v", name, err)
					}
				})
			})
		}
	}
}

func idOf(o Observed) string {
	if o == nil {
		return ""
	}
	return o.Ident().ID
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestADuplicateErrorNamesAll(t *testing.T) {
	_, err := pick(toyOwner, "a/0", Entry{}, kindOf[toyState]{toyKind{name: "a"}}, []Observed{seenToy("1"), seenToy("2")})
	duplicate, ok := errors.AsType[*DuplicateError](err)
	if !ok {
		t.Fatalf("pick() = %v, want a DuplicateError", err)
	}
	if diff := cmp.Diff(&DuplicateError{Key: "a/0", IDs: []string{"1", "2"}}, duplicate); diff != "" {
		t.Error(diff)
	}
}
