package ui

import (
	"fmt"
	"io"

	"provision/pkg/foreign"
	"provision/pkg/preflight"
	"provision/pkg/ui/paint"
)

// Findings shows what a preflight found, a line each, and after them what to do about those that are not in order.
func Findings(w io.Writer, all []preflight.Finding) {
	t := &table{}
	t.head("REGION", "CHECK", "RESULT", "")
	for _, f := range all {
		t.add(f.Region, foreign.Line(f.Check), level(f.Level), foreign.Line(f.Detail))
	}
	t.print(w, "")
	for _, f := range all {
		if f.Next != "" {
			fmt.Fprintf(w, "%s %s, %s: %s\n", paint.Warning.Render(paint.MarkWarning), f.Region, foreign.Line(f.Check), foreign.Line(f.Next))
		}
	}
}

func level(l preflight.Level) string {
	switch l {
	case preflight.Failed:
		return paint.Bad.Render(paint.MarkBad + " failed")
	case preflight.Warning:
		return paint.Warning.Render(paint.MarkWarning + " warning")
	default:
		return paint.Good.Render(paint.MarkGood + " ok")
	}
}

// FindingsDocument is a preflight for programs.
type FindingsDocument struct {
	Version  int                 `json:"version"`
	OK       bool                `json:"ok"` // nothing stops a run
	Findings []preflight.Finding `json:"findings"`
}
