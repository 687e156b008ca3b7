package ui

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/stack"
)

// Plan shows what a run would do, per region, with a one-line summary. Regions of which the same is to be said, as at
// a first run, share one list.
func Plan(w io.Writer, p *stack.Plan) {
	var bodies []string
	regions := map[string][]string{}
	for _, part := range p.Parts {
		body := planBody(part)
		if regions[body] == nil {
			bodies = append(bodies, body)
		}
		regions[body] = append(regions[body], part.Region)
	}
	for _, body := range bodies {
		fmt.Fprintf(w, "%s\n%s\n", bold.Render(strings.Join(regions[body], ", ")), body)
	}
	fmt.Fprintln(w, summary(p))
}

func planBody(part *stack.Part) string {
	var b strings.Builder
	if part.Err != nil {
		fmt.Fprintf(&b, "  %s %v\n", red.Render("!"), part.Err)
		return b.String()
	}
	changed := part.Plan.Changed()
	steps(&b, changed)
	others(&b, part.Plan)
	if b.Len() == 0 {
		fmt.Fprintf(&b, "  %s\n", faint.Render("as wanted"))
	}
	return b.String()
}

func summary(p *stack.Plan) string {
	if !p.Changed() {
		return "Plan: nothing to do."
	}
	return fmt.Sprintf("Plan: %d to make, %d to change, %d to replace, %d to remove, in %s.",
		p.Count(graph.Create), p.Count(graph.Update), p.Count(graph.Replace), p.Count(graph.Delete),
		count(len(p.Parts)-1, "region"))
}

// steps shows what is made or removed in one line per kind, and each change and replacement with its details.
func steps(w io.Writer, all []graph.Step) {
	for _, group := range byKind(all) {
		first := group[0]
		switch first.Action {
		case graph.Create, graph.Delete:
			fmt.Fprintf(w, "  %s   %-20s %s\n", symbol(first.Action), first.Key.Kind(), faint.Render(names(group)))
		default:
			for _, s := range group {
				fmt.Fprintf(w, "  %s %s %s %s\n", pad(symbol(s.Action), symbols[s.Action]), s.Key, faint.Render(s.ID), s.Why)
				details(w, s)
			}
		}
	}
}

func pad(coloured, text string) string {
	return coloured + strings.Repeat(" ", max(0, 3-len([]rune(text))))
}

func details(w io.Writer, s graph.Step) {
	for _, c := range s.Changes {
		from, to := c.From, c.To
		if from == "" {
			from = "(none)"
		}
		if to == "" {
			to = "(none)"
		}
		fmt.Fprintf(w, "        %s: %s → %s\n", c.Field, from, to)
		if c.Fixed != "" {
			fmt.Fprintf(w, "        %s\n", red.Render("can't be done: "+c.Fixed))
		}
	}
}

// others shows what is not this stack's to touch.
func others(w io.Writer, p *graph.Plan) {
	for _, i := range p.Spare {
		fmt.Fprintf(w, "  %s   %s %s is there once too often; `provision sweep` removes it\n", yellow.Render("!"), i.Key(), i.ID)
	}
	owners := byOwner(p.Foreign)
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		things := owners[owner]
		fmt.Fprintf(w, "  %s   %s of this stack's name belong to %s and are left alone: %s\n",
			yellow.Render("!"), count(len(things), "thing"), owner, faint.Render(strings.Join(things, ", ")))
	}
}

// byOwner gives the IDs of each owner.
func byOwner(all []graph.Identity) map[string][]string {
	owners := map[string][]string{}
	for _, i := range all {
		owners[i.Owner()] = append(owners[i.Owner()], i.ID)
	}
	return owners
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// byKind groups what has one kind and action, in the order in which they first come.
func byKind(all []graph.Step) [][]graph.Step {
	type group struct {
		kind   string
		action graph.Action
	}
	at := map[group]int{}
	var groups [][]graph.Step
	for _, s := range all {
		g := group{s.Key.Kind(), s.Action}
		if _, known := at[g]; !known {
			at[g] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[g]] = append(groups[at[g]], s)
	}
	return groups
}

func names(group []graph.Step) string {
	var all []string
	for _, s := range group {
		name := s.Key.Name()
		if s.ID != "" {
			name = strings.TrimSpace(name + " " + s.ID)
		}
		if name != "" {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

// Removal shows what would be deleted, per region.
func Removal(w io.Writer, r *stack.Removal) {
	for _, part := range r.Parts {
		switch {
		case part.Err != nil:
			fmt.Fprintf(w, "%s\n  %s %v\n\n", bold.Render(part.Region), red.Render("!"), part.Err)
		case len(part.Removal.Steps) == 0:
			fmt.Fprintf(w, "%s  %s\n\n", bold.Render(part.Region), faint.Render("nothing is there"))
		default:
			fmt.Fprintln(w, bold.Render(part.Region))
			steps(w, part.Removal.Steps)
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "%d things to remove.\n", r.Count())
}
