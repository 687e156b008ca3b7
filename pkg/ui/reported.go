package ui

import (
	"fmt"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

// notOurs is what the program says of a difference that it reports and does not repair.
const notOurs = "not ours to change"

// reportedLines name what others changed and `up` leaves as it is, a resource after the other.
func reportedLines(p *graph.Plan) []string {
	var lines []string
	for _, step := range p.Reported() {
		for _, c := range step.Reported {
			lines = append(lines, fmt.Sprintf(" %s %s: %s", paint.Warning.Render(pad(paint.MarkWarning, 3)), step.Key, reportedText(c)))
		}
	}
	return lines
}

func reportedText(c graph.Change) string {
	return fmt.Sprintf("%s: %s, instead of %s (%s)", foreign.Line(c.Field), orNone(c.From), orNone(c.To), notOurs)
}

func countReported(p *graph.Plan) int {
	n := 0
	if p != nil {
		for _, step := range p.Reported() {
			n += len(step.Reported)
		}
	}
	return n
}

// countDifferences is of those that `up` repairs and those that it leaves.
func countDifferences(p *graph.Plan) int { return len(p.Changed()) + countReported(p) }

// reportedNote ends a summary: a run with nothing to do is not one with everything as wanted.
func reportedNote(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return paint.Warning.Render(" 1 difference is " + notOurs + " and stays.")
	}
	return paint.Warning.Render(fmt.Sprintf(" %d differences are %s and stay.", n, notOurs))
}
