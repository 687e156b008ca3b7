package ui

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"provision/pkg/ending"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// maxMarkdown leaves room for what is around it: GitHub takes comments of 65,536 characters.
const maxMarkdown = 60_000

// PlanMarkdown writes a plan for a pull request: the counts in the headline, then what needs a look, then each region
// folded. Regions that would make it longer than a comment can be are named at the end. With calls, each region also
// has the calls that change something.
func PlanMarkdown(w io.Writer, p *stack.Plan, calls bool) error {
	var out strings.Builder
	counts, regions := map[graph.Action]int{}, 0
	for _, part := range p.Parts() {
		if part.Region != state.Global {
			regions++
		}
		for action, n := range actions(part) {
			counts[action] += n
		}
	}
	fmt.Fprintf(&out, "### Plan: %s in %s\n\n", cmp.Or(tally(counts), "nothing to do"), counted(regions, "region"))
	markdownWarnings(&out, p)
	var left []string
	for _, part := range p.Parts() {
		if part.Err != nil || !worthShowing(part) {
			continue
		}
		section := markdownRegion(part, calls)
		if out.Len()+len(section) > maxMarkdown {
			left = append(left, part.Region)
			continue
		}
		out.WriteString(section)
	}
	if len(left) > 0 {
		fmt.Fprintf(&out, "Too long to be shown here: %s. `provision plan` shows all.\n", escaped(strings.Join(left, ", ")))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func actions(part *stack.Part) map[graph.Action]int {
	counts := map[graph.Action]int{}
	if part.Plan != nil {
		for _, step := range part.Plan.Changed() {
			counts[step.Action]++
		}
	}
	return counts
}

func worthShowing(part *stack.Part) bool { return part.Plan != nil && len(part.Plan.Changed()) > 0 }

// markdownWarnings is a list of what should be read even if nothing else is.
func markdownWarnings(out *strings.Builder, p *stack.Plan) {
	var all []string
	for _, part := range p.Parts() {
		for _, text := range warnings(part) {
			all = append(all, "<li><b>"+escaped(part.Region)+"</b> "+text+"</li>")
		}
	}
	const shown = 100
	if len(all) > shown {
		all = append(all[:shown], fmt.Sprintf("<li>and %d more</li>", len(all)-shown))
	}
	if len(all) > 0 {
		out.WriteString("⚠️ To look at:\n\n<ul>\n" + strings.Join(all, "\n") + "\n</ul>\n\n")
	}
}

// warnings are what a region's plan fails at, can't do, takes away, or leaves alone.
func warnings(part *stack.Part) []string {
	if part.Err != nil {
		return []string{"can't be planned: " + code(ending.Text(part.Err))}
	}
	var all []string
	for _, step := range part.Plan.Changed() {
		for _, c := range step.Changes {
			if c.Fixed != "" && step.Action == graph.Update {
				all = append(all, fmt.Sprintf("%s %s can't be changed in place: %s",
					code(string(step.Key)), code(c.Field), code(c.Fixed)))
			}
		}
		switch step.Action {
		case graph.Replace:
			how := "is removed and made anew"
			if step.CreateFirst {
				how = "is replaced by a new one, and then removed"
			}
			all = append(all, fmt.Sprintf("%s %s: %s", code(subject(step)), how, code(step.Why)))
		case graph.Delete:
			all = append(all, code(subject(step))+" is removed")
		}
	}
	for _, i := range part.Plan.Spare {
		all = append(all, code(string(i.Key())+" "+i.ID)+" is there once too often and is left alone")
	}
	for owner, ids := range byOwner(part.Plan.Foreign) {
		all = append(all, fmt.Sprintf("%s of this stack's name belong to %s and are left alone",
			counted(len(ids), "thing"), code(owner)))
	}
	return all
}

// markdownRegion is a region's steps in HTML, which has folds and in which no Markdown is read. A blank line would end it.
func markdownRegion(part *stack.Part, calls bool) string {
	var out strings.Builder
	fmt.Fprintf(&out, "<details><summary><b>%s</b> %s</summary>\n<table>\n", escaped(part.Region), tally(actions(part)))
	for _, step := range part.Plan.Changed() {
		fmt.Fprintf(&out, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			verbs[step.Action], code(subject(step)), markdownChanges(step))
	}
	out.WriteString("</table>\n")
	if calls {
		out.WriteString("<table>\n<tr><th>call</th><th>times</th></tr>\n")
		made := part.Calls()
		for _, name := range made.Names() {
			fmt.Fprintf(&out, "<tr><td>%s</td><td>%d</td></tr>\n", code(name), made[name])
		}
		out.WriteString("</table>\n")
	}
	out.WriteString("</details>\n\n")
	return out.String()
}

func markdownChanges(step graph.Step) string {
	var lines []string
	for _, c := range step.Changes {
		lines = append(lines, fmt.Sprintf("%s %s → %s", code(c.Field), valueOrNone(c.From), valueOrNone(c.To)))
	}
	return strings.Join(lines, "<br>")
}

func valueOrNone(value string) string {
	if value == "" {
		return "none"
	}
	return code(value)
}

func subject(step graph.Step) string { return strings.TrimSpace(string(step.Key) + " " + step.ID) }

func code(text string) string { return "<code>" + escaped(text) + "</code>" }

// verbs are the actions as a table says them, in the order of [tally].
var verbs = map[graph.Action]string{
	graph.Create: "make", graph.Update: "change", graph.Replace: "replace", graph.Delete: "remove",
}

func tally(counts map[graph.Action]int) string {
	var parts []string
	for _, action := range []graph.Action{graph.Create, graph.Update, graph.Replace, graph.Delete} {
		if n := counts[action]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d to %s", n, verbs[action]))
		}
	}
	return strings.Join(parts, ", ")
}
