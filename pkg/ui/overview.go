package ui

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
	"provision/pkg/verdict"
)

// Overview shows each region in a line, and its news.
func Overview(w io.Writer, s *stack.Status) {
	t := &table{}
	t.head("REGION", "STATE", "RESOURCES", "HEALTHY", "URL")
	for _, part := range s.Parts() {
		t.add(part.Region, judge(part), there(part), healthy(part), foreign.Line(part.URL))
	}
	t.printFitting(w)
	for _, part := range s.Parts() {
		if part.NewerAMI != "" && part.Verdict() != verdict.NotThere {
			fmt.Fprintf(w, "%s: there is a newer image, %s; `provision up --refresh-ami` uses it\n", part.Region, foreign.Line(part.NewerAMI))
		}
	}
}

// tones are the verdicts' tones on a terminal.
var tones = map[verdict.Tone]lipgloss.Style{
	verdict.Bad: paint.Bad, verdict.Warning: paint.Warning, verdict.Change: paint.Change, verdict.Busy: paint.Busy,
	verdict.Faint: paint.Faint, verdict.Good: paint.Good,
}

// judge is the one word that people look for.
func judge(part *stack.StatusPart) string {
	v := part.Verdict()
	text := string(v)
	if v == verdict.Differing {
		text = counted(countDifferences(part.Plan), "difference")
	}
	if v == verdict.Unhealthy && len(part.Suspended) > 0 {
		text += ": " + strings.Join(foreign.Lines(part.Suspended), ", ") + " suspended"
	}
	return tones[v.Tone()].Render(v.Symbol() + " " + text)
}

// there is how many of the wanted resources are there.
func there(part *stack.StatusPart) string {
	if part.Plan == nil {
		return ""
	}
	wanted, found := 0, 0
	for _, step := range part.Plan.Steps {
		if step.Action != graph.Delete {
			wanted++
		}
		if step.Action != graph.Delete && step.Action != graph.Create {
			found++
		}
	}
	if found == wanted {
		return fmt.Sprint(found)
	}
	return fmt.Sprintf("%d of %d", found, wanted)
}

// healthy is how many of the wanted targets are healthy.
func healthy(part *stack.StatusPart) string {
	if !part.Asked || part.Wanted == 0 || part.Verdict() == verdict.NotThere {
		return ""
	}
	return fmt.Sprintf("%d of %d", part.Healthy(), part.Wanted)
}

// Watch shows what people watch: each region in a line, and its differences.
func Watch(w io.Writer, s *stack.Status) {
	Overview(w, s)
	for _, part := range s.Parts() {
		if part.Plan == nil {
			fmt.Fprintf(w, "\n%s\n%s\n", paint.Bold.Render(part.Region), problem(part.Region, part.Err))
			continue
		}
		t := &table{}
		for _, step := range part.Plan.Steps {
			if step.Action == graph.Wait || step.Action == graph.Replace {
				t.add(string(step.Key), phase(step), shortID(step.ID), paint.Brief(step.Why))
			}
		}
		unwell := part.Asked && part.Healthy() < part.Wanted
		if len(t.rows) == 0 && countDifferences(part.Plan) == 0 && !unwell && part.Err == nil || part.Verdict() == verdict.NotThere {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", paint.Bold.Render(part.Region))
		t.print(w, "  ")
		if unwell {
			members(w, part, false)
		}
		differences(w, part)
	}
}
