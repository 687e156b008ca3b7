package ui

import (
	"fmt"
	"io"
	"strings"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
	"provision/pkg/verdict"
)

// Status shows what is there: every resource with its ID, the instances with their health and each difference from what
// is wanted, region by region; then each region in a line.
func Status(w io.Writer, s *stack.Status) { status(w, s, false) }

// StatusWide is Status with whole ARNs, and with more of the instances.
func StatusWide(w io.Writer, s *stack.Status) { status(w, s, true) }

func status(w io.Writer, s *stack.Status, wide bool) {
	for _, part := range s.Parts() {
		fmt.Fprintln(w, paint.Bold.Render(part.Region))
		if part.Plan == nil {
			fmt.Fprintf(w, "%s\n\n", problem(part.Region, part.Err))
			continue
		}
		resources(w, part, wide)
		members(w, part, wide)
		fmt.Fprintln(w)
		differences(w, part)
	}
	Overview(w, s)
}

// resources names a kind once, where its first resource is.
func resources(w io.Writer, part *stack.StatusPart, wide bool) {
	t := &table{}
	kind := ""
	for _, step := range byKind(part.Plan.Steps) {
		if step.Action == graph.Create && part.Verdict() == verdict.NotThere {
			continue
		}
		shown, id := step.Key.Kind(), shortID(step.ID)
		if shown == kind {
			shown = ""
		}
		kind = step.Key.Kind()
		if wide {
			id = foreign.Line(step.ID)
		}
		row := []string{shown, step.Key.Name(), phase(step), id}
		if step.Why != "" {
			row = append(row, paint.Faint.Render(paint.Brief(step.Why)))
		}
		t.add(row...)
	}
	t.print(w, "  ")
}

// byKind puts the steps of a kind together, in the order in which the kinds come first.
func byKind(all []graph.Step) []graph.Step {
	var kinds []string
	steps := map[string][]graph.Step{}
	for _, s := range all {
		kind := s.Key.Kind()
		if steps[kind] == nil {
			kinds = append(kinds, kind)
		}
		steps[kind] = append(steps[kind], s)
	}
	sorted := make([]graph.Step, 0, len(all))
	for _, kind := range kinds {
		sorted = append(sorted, steps[kind]...)
	}
	return sorted
}

func phase(step graph.Step) string {
	switch step.Action {
	case graph.Create:
		return paint.Bad.Render("missing")
	case graph.Delete:
		return paint.Warning.Render(step.Phase.String() + ", not desired")
	case graph.Update:
		return paint.Change.Render(step.Phase.String() + ", differs")
	case graph.Keep, graph.Replace, graph.Wait:
	}
	if len(step.Reported) > 0 {
		return paint.Warning.Render(step.Phase.String() + ", differs")
	}
	return paint.Phase(step.Phase).Render(step.Phase.String())
}

// longestID is what has room on a narrow terminal.
const longestID = 40

// shortID is the last part of an ARN, which names the thing; the rest is the same for all of a region. A listener's also
// has its load balancer's.
func shortID(id string) string {
	if id = foreign.Line(id); !strings.HasPrefix(id, "arn:") {
		return id
	}
	parts := strings.SplitN(id, ":", 6)
	_, name, ok := strings.Cut(parts[len(parts)-1], "/")
	if !ok {
		return parts[len(parts)-1]
	}
	if at := strings.LastIndexByte(name, '/'); len(name) > longestID && at > 0 {
		return "…" + name[at:]
	}
	return name
}

func members(w io.Writer, part *stack.StatusPart, wide bool) {
	if len(part.Members) == 0 {
		return
	}
	health := map[string]lb.Target{}
	for _, target := range part.Targets {
		health[target.ID] = target
	}
	t := &table{}
	for i, m := range part.Members {
		label := ""
		if i == 0 {
			label = "instances"
		}
		row := append([]string{label}, foreign.Lines([]string{m.ID, m.Zone, string(m.Lifecycle)})...)
		if wide {
			row = append(row, foreign.Line(m.Type), "version "+foreign.Line(m.Version))
		}
		t.add(append(row, targetHealth(health[m.ID]))...)
	}
	fmt.Fprintln(w)
	t.print(w, "  ")
}

func targetHealth(t lb.Target) string {
	switch {
	case t.Healthy():
		return paint.Good.Render(string(t.State))
	case t.State == "":
		return paint.Warning.Render("not registered")
	case t.Description == "":
		return paint.Warning.Render(foreign.Line(string(t.State)))
	}
	return paint.Warning.Render(foreign.Line(string(t.State) + ": " + t.Description))
}

func differences(w io.Writer, part *stack.StatusPart) {
	lines := append(reportedLines(part.Plan), others(part.Plan)...)
	if part.Uncompared != nil {
		lines = append(lines, " "+paint.Warning.Render(pad(paint.MarkWarning, 3)+" not compared with the settings, which have mistakes"))
	}
	if changed := part.Plan.Changed(); len(changed) > 0 && part.Verdict() != verdict.NotThere {
		lines = append(stepLines(changed, false), lines...)
		fmt.Fprintln(w, paint.Change.Render("  differs from the settings; `provision up` would do this:"))
	}
	if part.Err != nil {
		lines = append(lines, problem(part.Region, part.Err))
	}
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	if len(lines) > 0 {
		fmt.Fprintln(w)
	}
}
