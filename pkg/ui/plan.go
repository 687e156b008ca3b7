package ui

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"provision/pkg/effect"
	"provision/pkg/ending"
	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/paint"
)

// section is what a plan says of one region.
type section struct {
	region string
	lines  []string // empty: there is nothing to do
}

// Plan shows what a run would do, region by region, and a one-line summary. Regions with the same text share it.
func Plan(w io.Writer, p *stack.Plan) { plan(w, p, false) }

// PlanWide is Plan with each step and its ID on a line.
func PlanWide(w io.Writer, p *stack.Plan) { plan(w, p, true) }

func plan(w io.Writer, p *stack.Plan, ids bool) {
	var all []section
	counts, regions, unread, replaced, reported := map[graph.Action]int{}, 0, 0, 0, 0
	for _, part := range p.Parts() {
		s := section{region: part.Region}
		if part.Region != state.Global {
			regions++
		}
		if part.Err != nil {
			s.lines = []string{problem(part.Region, part.Err)}
			unread++
		} else {
			changed := part.Plan.Changed()
			for _, step := range changed {
				counts[step.Action]++
			}
			replaced += effect.Replacements(part.Effects)
			reported += countReported(part.Plan)
			s.lines = append(effectLines(part.Effects), stepLines(digests(part.Launch, changed), ids)...)
			s.lines = append(append(s.lines, launchLines(part.Launch)...), reportedLines(part.Plan)...)
			s.lines = append(s.lines, others(part.Plan)...)
			if part.Note != "" && len(changed) > 0 {
				s.lines = append(s.lines, " "+paint.Faint.Render(pad(paint.MarkWarning, 3)+" "+foreign.Line(part.Note)))
			}
		}
		if part.Region != state.Global || len(s.lines) > 0 {
			all = append(all, s)
		}
	}
	printSections(w, all, "as wanted")
	if text := p.Dropped.String(); text != "" {
		fmt.Fprintf(w, "%s\n\n", paint.Warning.Render(paint.MarkWarning+" "+foreign.Line(text)))
	}
	fmt.Fprintln(w, summary(counts, regions, unread, replaced)+reportedNote(reported))
}

// Removal shows what would be deleted, region by region.
func Removal(w io.Writer, r *stack.Removal) { removal(w, r, false) }

// RemovalWide is Removal with each thing and its ID on a line.
func RemovalWide(w io.Writer, r *stack.Removal) { removal(w, r, true) }

func removal(w io.Writer, r *stack.Removal, ids bool) {
	var all []section
	for _, part := range r.Parts() {
		s := section{region: part.Region}
		if part.Err != nil {
			s.lines = []string{problem(part.Region, part.Err)}
		} else {
			s.lines = stepLines(part.Removal.Steps, ids)
		}
		all = append(all, s)
	}
	printSections(w, all, "nothing is there")
	fmt.Fprintf(w, "%s to delete.\n", paint.Bad.Render(counted(r.Count(), "resource")))
}

func problem(region string, err error) string {
	return " " + paint.Bad.Render(pad(paint.MarkBad, 3)+" "+strings.TrimPrefix(ending.Text(err), region+": "))
}

// printSections prints the regions with work to do, then in one line those without.
func printSections(w io.Writer, all []section, nothing string) {
	var idle []string
	for len(all) > 0 {
		first := all[0]
		var same []string
		identical := true
		all = slices.DeleteFunc(slices.Clone(all), func(s section) bool {
			if !slices.Equal(alike(s.lines), alike(first.lines)) {
				return false
			}
			identical = identical && slices.Equal(s.lines, first.lines)
			same = append(same, s.region)
			return true
		})
		if !identical {
			first.lines = alike(first.lines)
		}
		if len(first.lines) == 0 {
			idle = same
			continue
		}
		title := paint.Bold.Render(strings.Join(same, ", "))
		if len(same) > 1 {
			title += paint.Faint.Render("  in each:")
		}
		fmt.Fprintf(w, "%s\n%s\n\n", title, strings.Join(first.lines, "\n"))
	}
	if len(idle) > 0 {
		fmt.Fprintf(w, "%s  %s\n\n", paint.Bold.Render(strings.Join(idle, ", ")), paint.Faint.Render(nothing))
	}
}

// summary is the plan in a line. Regions that could not be planned come first: the counts do not cover them.
func summary(counts map[graph.Action]int, regions, unread, replaced int) string {
	var parts []string
	for _, c := range []struct {
		action graph.Action
		verb   string
	}{{graph.Create, "create"}, {graph.Update, "update"}, {graph.Replace, "replace"}, {graph.Delete, "delete"}} {
		if n := counts[c.action]; n > 0 {
			parts = append(parts, paint.Action(c.action).Render(fmt.Sprintf("%d to %s", n, c.verb)))
		}
	}
	if replaced > 0 {
		parts = append(parts, paint.Change.Render(counted(replaced, "instance")+" replaced or ended"))
	}
	text := strings.Join(parts, ", ")
	switch {
	case unread > 0 && unread >= regions && text == "":
		return paint.Bad.Render(cannotPlan(unread)) + "."
	case unread > 0:
		return paint.Bad.Render(cannotPlan(unread)) + fmt.Sprintf("; %s in the others.", cmp.Or(text, "nothing to do"))
	case text == "":
		return fmt.Sprintf("Plan: nothing to do in %s.", counted(regions, "region"))
	}
	return fmt.Sprintf("Plan: %s, in %s.", text, counted(regions, "region"))
}

func cannotPlan(regions int) string {
	if regions == 1 {
		return "1 region can't be planned"
	}
	return fmt.Sprintf("%d regions can't be planned", regions)
}

// others are the lines on what is not this stack's to touch.
func others(p *graph.Plan) []string {
	var lines []string
	mark := " " + paint.Warning.Render(pad(paint.MarkWarning, 3)) + " "
	for _, i := range p.Spare {
		lines = append(lines, fmt.Sprintf("%s%s %s is a duplicate; `provision sweep` deletes it", mark, foreign.Line(string(i.Key())), foreign.Line(i.ID)))
	}
	owners := byOwner(p.Foreign)
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		ids := owners[owner]
		lines = append(lines, mark+leftAlone(len(ids), owner)+": "+paint.Faint.Render(strings.Join(foreign.Lines(ids), ", ")))
	}
	return lines
}

// leftAlone says that n resources of this stack's name are another owner's.
func leftAlone(n int, owner string) string {
	if n == 1 {
		return "1 resource with this stack's name belongs to " + foreign.Line(owner) + " and is left alone"
	}
	return fmt.Sprintf("%d resources with this stack's name belong to %s and are left alone", n, foreign.Line(owner))
}

// byOwner gives the IDs of each owner.
func byOwner(all []graph.Identity) map[string][]string {
	owners := map[string][]string{}
	for _, i := range all {
		owners[i.Owner()] = append(owners[i.Owner()], i.ID)
	}
	return owners
}
