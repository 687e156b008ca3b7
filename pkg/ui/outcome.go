package ui

import (
	"errors"
	"fmt"
	"io"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/paint"
)

// Outcome shows how each region ended, and its URL: the last thing that stays on the screen.
func Outcome(w io.Writer, o stack.Outcome) {
	t := &table{}
	t.head("REGION", "RESULT", "HEALTHY", "URL")
	for _, r := range o.Results {
		switch {
		case r.Err != nil:
			t.add(r.Region, ended(r.Err), "", foreign.Line(r.URL))
		case r.Region != state.Global:
			t.add(r.Region, paint.Good.Render(paint.MarkGood+" ready"), fmt.Sprintf("%d of %d", r.Healthy, r.Wanted), foreign.Line(r.URL))
		}
	}
	t.printFitting(w)
	for _, r := range o.Results {
		for _, step := range r.Reported {
			for _, c := range step.Reported {
				fmt.Fprintf(w, "%s %s: %s: %s\n", paint.Warning.Render(paint.MarkWarning), r.Region, step.Key, reportedText(c))
			}
		}
		for _, i := range r.Spare {
			fmt.Fprintf(w, "%s %s: %s %s carries this stack's tags but is not in its state; `provision sweep` removes it\n",
				paint.Warning.Render(paint.MarkWarning), r.Region, foreign.Line(string(i.Key())), foreign.Line(i.ID))
		}
	}
}

// Removed shows how each region's removal ended.
func Removed(w io.Writer, o stack.Outcome) {
	t := &table{}
	t.head("REGION", "RESULT")
	for _, r := range o.Results {
		switch {
		case r.Err != nil:
			t.add(r.Region, ended(r.Err))
		case r.Kept:
			t.add(r.Region, paint.Warning.Render(paint.MarkBlocked+" kept for the regions that are left"))
		default:
			t.add(r.Region, paint.Good.Render(paint.MarkGood+" nothing is left"))
		}
	}
	t.print(w, "")
}

// ended is how a region ended that is not done.
func ended(err error) string {
	_, left := errors.AsType[*stack.LeftError](err)
	held, heldBack := errors.AsType[*stack.HeldBackError](err)
	switch {
	case heldBack:
		return paint.Warning.Render(paint.MarkBlocked + " " + foreign.Line(held.Why()))
	case graph.Stopped(err):
		return paint.Warning.Render(paint.MarkBlocked + " stopped")
	case left:
		return paint.Bad.Render(paint.MarkBad + " something is left")
	}
	return paint.Bad.Render(paint.MarkBad + " failed")
}
