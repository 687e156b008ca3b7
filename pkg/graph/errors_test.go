package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAHeldErrorNamesHoldersAndCommands(t *testing.T) {
	err := &HeldError{By: []Blocker{
		{ID: "eni-1", Kind: "network interface", Owner: "123456789012", Remove: "aws ec2 delete 1"},
		{ID: "eni-2", Kind: "network interface", Remove: "aws ec2 delete 1"},
		{ID: "i-3", Kind: "instance"},
		{ID: "i-4", Kind: "instance", Remove: "aws ec2 delete 4"},
	}}
	want := "held by network interface eni-1 (123456789012), network interface eni-2, instance i-3, instance i-4"
	if err.Error() != want {
		t.Errorf("Error() = %q, want %q", err, want)
	}
	if diff := cmp.Diff([]string{"aws ec2 delete 1", "aws ec2 delete 4"}, err.Commands()); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
}

func TestErrorsLeadToTheirCauses(t *testing.T) {
	cause := errors.New("UnauthorizedOperation")
	for name, err := range map[string]error{
		"NodeError":           &NodeError{Region: "toyland", Tried: "create", Key: "a/0", Err: cause},
		"UnknownBlockerError": &UnknownBlockerError{cause},
		"unseen":              unseen(cause, errToyLost),
	} {
		if !errors.Is(err, cause) || !strings.Contains(err.Error(), cause.Error()) {
			t.Errorf("%s: %v does not lead to its cause", name, err)
		}
	}
}

func TestARefusedErrorNamesOnlyWhatCanNotBeChanged(t *testing.T) {
	err := &RefusedError{Region: "toyland", Steps: []Step{{Key: "a/0", Changes: []Change{
		{Field: "tag team", From: "db", To: "web"},
		{Field: "CIDR", From: "10.0.0.0/16", To: "10.1.0.0/16", Fixed: "a VPC keeps it"},
	}}}}
	if want := "toyland: can't be changed in place: a/0: CIDR from 10.0.0.0/16 to 10.1.0.0/16: a VPC keeps it"; err.Error() != want {
		t.Errorf("Error() = %q, want %q", err, want)
	}
}

func TestStopped(t *testing.T) {
	stopped := fmt.Errorf("Ctrl-C: %w", ErrStopped)
	blocked := &BlockedError{By: "a/0"}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"no error":                     {nil, false},
		"stopped":                      {stopped, true},
		"another error":                {errToyRefused, false},
		"two that were stopped":        {errors.Join(stopped, &NodeError{Err: stopped}), true},
		"stopped, and another error":   {errors.Join(stopped, errToyRefused), false},
		"another error, and stopped":   {errors.Join(errToyRefused, stopped), false},
		"stopped, and what it blocked": {errors.Join(stopped, blocked), true},
		"only what is blocked":         {blocked, false},
	} {
		if got := Stopped(c.err); got != c.want {
			t.Errorf("%s: Stopped() = %t, want %t", name, got, c.want)
		}
	}
}

func TestCausesAreWhatFailedFirst(t *testing.T) {
	first, second := &NodeError{Key: "a/0", Err: errToyRefused}, &NodeError{Key: "b/0", Err: errToyLost}
	blocked := &NodeError{Key: "c/0", Err: &BlockedError{By: "a/0"}}
	got := Causes(errors.Join(first, blocked, errors.Join(second), nil))
	if !slices.Equal(got, []error{first, second}) {
		t.Errorf("Causes() = %v", got)
	}
	if got := Causes(nil); len(got) > 0 {
		t.Errorf("Causes(nil) = %v", got)
	}
}

func TestAnEngineWithoutAClassifierRepeatsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		w.fault = func(int, string) fate { return throttled }
		e := toyEngine(j)
		e.Classify = nil
		if err := up(t.Context(), e, alone.build(w)); !errors.Is(err, errToyThrottled) || len(w.calls) != 1 {
			t.Errorf("up: %v after %v", err, w.calls)
		}
	})
}

// bare is a toy without tags that asks for none, with a value for others beside its ID.
type bare struct{ toy }

func (bare) Tags() Tags { return Tags{} }

func TestAClaimOfAResourceWithoutTagsHasItsNonce(t *testing.T) {
	e := toyEngine(newNotebook())
	w := wishOf[toyState]{r: bare{toy{Meta: Meta{Is: "a/0"}}}}
	c := e.claim(w, Entry{Nonce: "open", Former: []string{"1"}})
	if diff := cmp.Diff(Claim{Key: "a/0", Nonce: "open", Tags: map[string]string{TagNonce: "open"}, Former: []string{"1"}}, c); diff != "" {
		t.Errorf("a claim of an earlier run (-want +got):\n%s", diff)
	}
	if c := e.claim(w, Entry{Nonce: "used", ID: "1"}); c.Nonce == "used" || c.Nonce == "" || c.Tags[TagNonce] != c.Nonce {
		t.Errorf("the nonce of what is there was used again: %+v", c)
	}
}

func TestALookKnowsWhatTheJournalBound(t *testing.T) {
	j := newNotebook()
	j.entries = map[Key]Entry{
		"a/0": {Key: "a/0", ID: "2", Former: []string{"1"}}, "b/0": {Key: "b/0", Nonce: "open"}, "c/0": {Key: "c/0", Nonce: "open", Former: []string{"3"}},
	}
	s := toyEngine(j).newLook()
	if diff := cmp.Diff(map[string][]string{"a": {"2", "1"}, "b": nil, "c": {"3"}}, s.Bound); diff != "" || s.Owner != toyOwner {
		t.Errorf("of %v (-want +got):\n%s", s.Owner, diff)
	}
}

func TestEventsSayWhen(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		e := toyEngine(j)
		e.Events = func(ev Event) {
			if ev.Time.IsZero() || ev.Region != "toyland" {
				t.Errorf("%+v", ev)
			}
		}
		if err := up(t.Context(), e, chain.build(w)); err != nil {
			t.Fatal(err)
		}
	})
}

// full is a toy state with a value for its dependents.
type full struct{ toyState }

func (f full) Outputs() map[string]string { return map[string]string{"dns": f.ID + ".example"} }

func TestARefFollowsItsResource(t *testing.T) {
	g := New("toyland")
	AddKind(g, toyKind{name: "a"})
	ref := Add(g, toy{toyKind: toyKind{name: "a"}, Meta: Meta{Is: "a/0"}})
	if ref.ID() != "" || ref.String() != "a/0" || ref.Output("dns") != "" {
		t.Errorf("before: %q, %q, %q", ref.ID(), ref, ref.Output("dns"))
	}
	g.ids.bind("a/0", full{toyState{Identity: Identity{ID: "1"}}})
	if ref.ID() != "1" || ref.String() != "1" || ref.Output("dns") != "1.example" {
		t.Errorf("bound: %q, %q, %q", ref.ID(), ref, ref.Output("dns"))
	}
	g.ids.bind("a/0", toyState{Identity: Identity{ID: "2"}})
	if ref.ID() != "2" {
		t.Errorf("bound again: %q", ref.ID())
	}
	g.ids.unbind("a/0")
	if ref.ID() != "" || ref.String() != "a/0" || ref.Output("dns") != "" {
		t.Errorf("unbound: %q, %q, %q", ref.ID(), ref, ref.Output("dns"))
	}
}

func TestIDsLeaveOutWhatIsNotThere(t *testing.T) {
	g := New("toyland")
	g.ids.bind("b", toyState{Identity: Identity{ID: "2"}})
	g.ids.bind("a", toyState{Identity: Identity{ID: "3"}})
	if diff := cmp.Diff([]string{"2", "3"}, IDs(g.Ref("a"), g.Ref("none"), g.Ref("b"))); diff != "" {
		t.Errorf("IDs (-want +got):\n%s", diff)
	}
	want := []Change{{Field: "subnets", From: "3", To: "3,none,other", After: "none"}}
	if diff := cmp.Diff(want, DiffRefs("subnets", []string{"3"}, g.Ref("a"), g.Ref("none"), g.Ref("other"))); diff != "" {
		t.Errorf("the first that is missing is waited for (-want +got):\n%s", diff)
	}
}

func TestJoin(t *testing.T) {
	for key, of := range map[Key][2]string{"vpc": {"vpc", ""}, "subnet/a": {"subnet", "a"}} {
		if got := Join(of[0], of[1]); got != key || got.Kind() != of[0] || got.Name() != of[1] {
			t.Errorf("Join(%q, %q) = %q of %q, %q", of[0], of[1], got, got.Kind(), got.Name())
		}
	}
}

// fading is a kind of which the cloud removes what failed; plainly is one of which it does not.
type fading struct {
	toyKind
	does bool
}

func (f fading) FailedFades() bool { return f.does }

func TestOnlyWhatFailedFades(t *testing.T) {
	for name, c := range map[string]struct {
		k    Kind[toyState]
		o    toyState
		want bool
	}{
		"failed, of a kind that fades":         {fading{does: true}, toyState{Dead: true}, true},
		"ready, of a kind that fades":          {fading{does: true}, toyState{Ready: true}, false},
		"failed, of a kind that does not fade": {fading{}, toyState{Dead: true}, false},
		"failed, of a kind that says nothing":  {toyKind{}, toyState{Dead: true}, false},
	} {
		if got := (kindOf[toyState]{c.k}).fades(c.o); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}

func TestAKindThatSaysNothingIsPlain(t *testing.T) {
	k := kindOf[toyState]{plainKind{toyKind{name: "a"}}}
	if k.holding() || k.together() || k.repeatsSafely() || k.deletedFirst() || k.goesWith() != "" {
		t.Error("a kind that implements nothing more is not plain")
	}
	if holders, err := k.blockers(t.Context(), &Look{}, toyState{}); holders != nil || err != nil {
		t.Errorf("holders of it: %v, %v", holders, err)
	}
	yes := kindOf[toyState]{toyKind{safe: true, sole: true}}
	no := kindOf[toyState]{toyKind{}}
	if !yes.repeatsSafely() || !yes.deletedFirst() || no.repeatsSafely() || no.deletedFirst() {
		t.Error("what a kind says of itself is not heard")
	}
}

// plainKind has only what each kind must have.
type plainKind struct{ k toyKind }

func (p plainKind) Kind() string                                          { return p.k.Kind() }
func (p plainKind) List(ctx context.Context, s *Look) ([]toyState, error) { return p.k.List(ctx, s) }
func (p plainKind) Phase(o toyState) (Phase, string)                      { return p.k.Phase(o) }
func (p plainKind) Delete(ctx context.Context, o toyState) error          { return p.k.Delete(ctx, o) }
func (p plainKind) Pace() Pace                                            { return p.k.Pace() }
