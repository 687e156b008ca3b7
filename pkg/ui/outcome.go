package ui

import (
	"errors"
	"fmt"
	"io"
	"time"

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
	last := lastReading(o)
	for _, r := range o.Results {
		switch {
		case r.Err != nil:
			t.add(r.Region, ended(r.Err), "", foreign.Line(r.URL))
		case r.Region != state.Global:
			t.add(r.Region, paint.Good.Render(paint.MarkGood+" ready"), healthyThen(r, last), foreign.Line(r.URL))
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

// lastReading is when the health of the last region was read.
func lastReading(o stack.Outcome) time.Time {
	var last time.Time
	for _, r := range o.Results {
		if r.At.After(last) {
			last = r.At
		}
	}
	return last
}

// freshFor is how old a reading may be that stands next to later ones without its time.
const freshFor = time.Minute

// healthyThen is how many targets are healthy, and since regions end one after the other, when that was.
func healthyThen(r stack.Result, last time.Time) string {
	text := fmt.Sprintf("%d of %d", r.Healthy, r.Wanted)
	if last.Sub(r.At) > freshFor {
		text += " at " + r.At.UTC().Format("15:04:05Z")
	}
	return text
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
