package graph

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A call in flight outlives the context of the run: cut off, it may have had an effect that is not recorded.
func TestACallIsNotCutOff(t *testing.T) {
	stopped := errors.New("Ctrl-C")
	ctx, stop := context.WithCancelCause(t.Context())
	r := toyEngine(newNotebook()).newRun(New("toyland"))
	got, err := call(ctx, r, "a/0", func(inner context.Context) (string, error) {
		stop(stopped)
		return "made", inner.Err()
	})
	if got != "made" || err != nil {
		t.Errorf("call() = %q, %v; it was cut off", got, err)
	}
	got, err = call(ctx, r, "a/0", func(context.Context) (string, error) { return "made", nil })
	if got != "" || !errors.Is(err, stopped) {
		t.Errorf("after the stop call() = %q, %v, want none and %v", got, err, stopped)
	}
}

// The last write is durable even where the run was stopped.
func TestTheJournalIsFlushedAfterAStop(t *testing.T) {
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, run := range map[string]func(*Engine, *Graph) error{
		"Apply":  func(e *Engine, g *Graph) error { return e.Apply(stopped, &Plan{graph: g}) },
		"Remove": func(e *Engine, g *Graph) error { return e.Remove(stopped, &Removal{graph: g}) },
	} {
		j := &flushes{notebook: newNotebook()}
		if err := run(toyEngine(j), New("toyland")); err != nil || j.flushed != 1 {
			t.Errorf("%s: %v, and the journal was flushed %d times, want once", name, err, j.flushed)
		}
		j.fails = errors.New("disk full")
		if err := run(toyEngine(j), New("toyland")); !errors.Is(err, j.fails) {
			t.Errorf("%s: %v, want what the journal says", name, err)
		}
	}
}

type flushes struct {
	*notebook
	flushed int
	fails   error
}

func (f *flushes) Flush(ctx context.Context) error {
	if ctx.Err() == nil {
		f.flushed++
	}
	return errors.Join(f.fails, ctx.Err())
}

// A claim that led to nothing, and an ID whose thing is gone, are not known any more after a removal.
func TestARemovalForgetsWhatIsNotThere(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		j.entries["a/0"] = Entry{Key: "a/0", Nonce: "n-1", Since: time.Now()}
		j.entries["b/0"] = Entry{Key: "b/0", ID: "gone", Nonce: "n-2", Former: []string{"long gone"}}
		if err := down(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		if left := j.Entries(); len(left) > 0 {
			t.Errorf("the journal still knows %v", left)
		}
	})
}

func TestARemovalThatCanNotForgetSaysSo(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		j.entries["a/0"] = Entry{Key: "a/0", Nonce: "n-1"}
		removal, err := toyEngine(j).PlanRemoval(t.Context(), chain.build(w))
		if err != nil {
			t.Fatal(err)
		}
		j.frozen = true
		if err := toyEngine(j).Remove(t.Context(), removal); err == nil {
			t.Error("Remove() = nil, though the journal can't be written")
		}
	})
}

// A resource that is not deleted is not forgotten, and neither are the claims next to it.
func TestARemovalThatFailsForgetsNothingThatIsLeft(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
			t.Fatal(err)
		}
		w.fault = func(_ int, call string) fate {
			if call == "delete b/0" {
				return refused
			}
			return fine
		}
		if err := down(t.Context(), toyEngine(j), chain.build(w)); err == nil {
			t.Error("down: no error")
		}
		if diff := cmp.Diff([]string{"a/0", "b/0"}, w.keys()); diff != "" {
			t.Errorf("what is there (-want +got):\n%s", diff)
		}
		var known []string
		for _, entry := range j.Entries() {
			known = append(known, string(entry.Key))
		}
		slices.Sort(known)
		if diff := cmp.Diff(w.keys(), known); diff != "" {
			t.Errorf("what the journal knows (-want +got):\n%s", diff)
		}
	})
}
