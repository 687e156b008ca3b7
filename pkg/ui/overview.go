package ui

import (
	"fmt"
	"io"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/paint"
)

// Overview shows each region in a line, and what is new of it.
func Overview(w io.Writer, s *stack.Status) {
	t := &table{}
	t.head("REGION", "STATE", "RESOURCES", "HEALTHY", "URL")
	for _, part := range s.Parts {
		t.add(part.Region, judge(part), there(part), healthy(part), part.URL)
	}
	t.print(w, "")
	for _, part := range s.Parts {
		if part.NewerAMI != "" && !nothingThere(part) {
			fmt.Fprintf(w, "%s: a newer image is out, %s; `provision up --refresh-ami` takes it\n", part.Region, part.NewerAMI)
		}
	}
}

// judge is the one word that people look for.
func judge(part *stack.StatusPart) string {
	switch {
	case part.Plan == nil:
		return paint.Bad.Render(paint.MarkBad + " unknown")
	case nothingThere(part):
		return paint.Faint.Render(paint.MarkBlocked + " not there")
	case len(part.Plan.Changed()) > 0:
		return paint.Change.Render(fmt.Sprintf("~ %s", counted(len(part.Plan.Changed()), "difference")))
	case part.Err != nil:
		return paint.Bad.Render(paint.MarkBad + " health unknown")
	case part.Plan.Count(graph.Wait) > 0:
		return paint.Busy.Render(paint.MarkBusy + " pending")
	case part.Region != state.Global && healthyTargets(part) < max(1, len(part.Instances)):
		return paint.Warning.Render(paint.MarkWarning + " unhealthy")
	}
	return paint.Good.Render(paint.MarkGood + " as wanted")
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

func healthy(part *stack.StatusPart) string {
	if len(part.Instances) == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", healthyTargets(part), len(part.Instances))
}

func healthyTargets(part *stack.StatusPart) int {
	n := 0
	for _, t := range part.Targets {
		if t.Healthy() {
			n++
		}
	}
	return n
}

// Watch shows what people watch: each region in a line, and what is not as wanted there.
func Watch(w io.Writer, s *stack.Status) {
	Overview(w, s)
	for _, part := range s.Parts {
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
		unwell := healthyTargets(part) < len(part.Instances)
		if len(t.rows) == 0 && len(part.Plan.Changed()) == 0 && !unwell && part.Err == nil || nothingThere(part) {
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
