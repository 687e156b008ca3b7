package ui

import (
	"fmt"
	"io"

	"charm.land/lipgloss/v2"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
)

// Overview shows each region in a line, and what is new of it.
func Overview(w io.Writer, s *stack.Status) {
	t := &table{}
	t.head("REGION", "STATE", "RESOURCES", "HEALTHY", "URL")
	for _, part := range s.Parts() {
		t.add(part.Region, judge(part), there(part), healthy(part), part.URL)
	}
	t.printFitting(w)
	for _, part := range s.Parts() {
		if part.NewerAMI != "" && part.Verdict() != stack.NotThere {
			fmt.Fprintf(w, "%s: a newer image is out, %s; `provision up --refresh-ami` takes it\n", part.Region, part.NewerAMI)
		}
	}
}

// verdicts are how the verdicts look.
var verdicts = map[stack.Verdict]struct {
	style lipgloss.Style
	mark  string
}{
	stack.Unknown:       {paint.Bad, paint.MarkBad},
	stack.NotThere:      {paint.Faint, paint.MarkBlocked},
	stack.Differing:     {paint.Change, "~"},
	stack.HealthUnknown: {paint.Bad, paint.MarkBad},
	stack.Pending:       {paint.Busy, paint.MarkBusy},
	stack.Unhealthy:     {paint.Warning, paint.MarkWarning},
	stack.AsWanted:      {paint.Good, paint.MarkGood},
}

// judge is the one word that people look for.
func judge(part *stack.StatusPart) string {
	verdict := part.Verdict()
	look, text := verdicts[verdict], string(verdict)
	if verdict == stack.Differing {
		text = counted(len(part.Plan.Changed()), "difference")
	}
	return look.style.Render(look.mark + " " + text)
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
	return fmt.Sprintf("%d of %d", part.Healthy(), len(part.Instances))
}

// Watch shows what people watch: each region in a line, and what is not as wanted there.
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
		unwell := part.Healthy() < len(part.Instances)
		if len(t.rows) == 0 && len(part.Plan.Changed()) == 0 && !unwell && part.Err == nil || part.Verdict() == stack.NotThere {
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
