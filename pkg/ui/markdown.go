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
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// maxMarkdown leaves room for what is around it: GitHub takes comments of 65,536 characters.
const maxMarkdown = 60_000

// PlanMarkdown writes a plan for a pull request: the counts in the headline, then the warnings, then each region
// folded; regions with the same steps share a fold. Content beyond the size limit of a comment is left out and named at
// the end. With calls, each region also has the calls that change something.
func PlanMarkdown(w io.Writer, p *stack.Plan, calls bool) error {
	var out strings.Builder
	fmt.Fprintf(&out, "### Plan: %s\n\n", markdownHeadline(p))
	markdownWarnings(&out, p)
	var left []string
	for _, fold := range folds(p, calls) {
		section := fold.html()
		if out.Len()+len(section) > maxMarkdown {
			left = append(left, fold.regions...)
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

func markdownHeadline(p *stack.Plan) string {
	counts, regions, unread, replaced, reported := map[graph.Action]int{}, 0, 0, 0, 0
	for _, part := range p.Parts() {
		if part.Region != state.Global {
			regions++
		}
		if part.Err != nil {
			unread++
		}
		for action, n := range actions(part) {
			counts[action] += n
		}
		replaced += effect.Replacements(part.Effects)
		reported += countReported(part.Plan)
	}
	text := tally(counts)
	if replaced > 0 {
		text = strings.TrimPrefix(text+", "+counted(replaced, "instance")+" replaced or ended", ", ")
	}
	if unread > 0 && unread >= regions && text == "" {
		return cannotPlan(unread)
	}
	if unread > 0 {
		return cannotPlan(unread) + "; " + cmp.Or(text, "nothing to do") + " in the others"
	}
	text = cmp.Or(text, "nothing to do") + " in " + counted(regions, "region")
	if reported > 0 {
		text += fmt.Sprintf("; %s %s", counted(reported, "difference"), notOurs)
	}
	return text
}

// fold is what is done in one region, or alike in several.
type fold struct {
	regions []string
	tally   string
	body    string
}

// folds are the regions in their order, those in which the same is done together.
func folds(p *stack.Plan, calls bool) []*fold {
	var all []*fold
	byLook := map[string]*fold{}
	for _, part := range p.Parts() {
		if part.Err != nil || !worthShowing(part) {
			continue
		}
		body := markdownRegion(part, calls)
		look := alike([]string{body})[0]
		f := byLook[look]
		if f == nil {
			f = &fold{tally: tally(actions(part)), body: body}
			byLook[look] = f
			all = append(all, f)
		} else if f.body != body {
			f.body = look
		}
		f.regions = append(f.regions, part.Region)
	}
	return all
}

// html is a fold in HTML, which has folds and in which no Markdown is read.
func (f *fold) html() string {
	each := ""
	if len(f.regions) > 1 {
		each = " in each"
	}
	return fmt.Sprintf("<details><summary><b>%s</b> %s%s</summary>\n%s</details>\n\n",
		escaped(strings.Join(f.regions, ", ")), f.tally, each, f.body)
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

// markdownWarnings lists the warnings that a reader must not miss. One that holds for several regions is printed once.
func markdownWarnings(out *strings.Builder, p *stack.Plan) {
	var texts []string
	regions, exact := map[string][]string{}, map[string]string{}
	for _, part := range p.Parts() {
		for _, warning := range warnings(part) {
			look := alike([]string{warning})[0]
			if regions[look] == nil {
				texts, exact[look] = append(texts, look), warning
			} else if exact[look] != warning {
				exact[look] = look
			}
			regions[look] = append(regions[look], part.Region)
		}
	}
	var all []string
	for _, look := range texts {
		all = append(all, "<li><b>"+escaped(strings.Join(regions[look], ", "))+"</b> "+exact[look]+"</li>")
	}
	const shown = 100
	if len(all) > shown {
		all = append(all[:shown], fmt.Sprintf("<li>and %d more</li>", len(all)-shown))
	}
	if len(p.Dropped.Regions) > 0 {
		all = append([]string{"<li><b>" + escaped(strings.Join(p.Dropped.Regions, ", ")) + "</b> no longer among the regions of the " +
			"settings; runs on until " + code(p.Dropped.Remove()) + "</li>"}, all...)
	}
	if len(all) > 0 {
		out.WriteString("⚠️ To review:\n\n<ul>\n" + strings.Join(all, "\n") + "\n</ul>\n\n")
	}
}

// warnings are what a region's plan fails at, can't do, takes away, or leaves alone.
func warnings(part *stack.Part) []string {
	if part.Err != nil {
		return []string{"can't be planned: " + code(ending.Text(part.Err))}
	}
	var all []string
	for _, e := range part.Effects {
		all = append(all, escaped(e.Text))
	}
	for _, step := range part.Plan.Changed() {
		for _, c := range step.Changes {
			if c.Fixed != "" && step.Action == graph.Update {
				all = append(all, fmt.Sprintf("%s %s can't be changed in place: %s",
					code(string(step.Key)), code(c.Field), code(c.Fixed)))
			}
		}
		switch step.Action {
		case graph.Replace:
			how := "is deleted and created again"
			if step.CreateFirst {
				how = "is replaced by a new one, and then deleted"
			}
			all = append(all, fmt.Sprintf("%s %s: %s", code(subject(step)), how, code(step.Why)))
		case graph.Delete:
			all = append(all, code(subject(step))+" is removed")
		}
	}
	for _, step := range part.Plan.Reported() {
		for _, c := range step.Reported {
			all = append(all, fmt.Sprintf("%s %s is %s instead of %s, which is %s",
				code(subject(step)), code(c.Field), valueOrNone(c.From), valueOrNone(c.To), notOurs))
		}
	}
	for _, i := range part.Plan.Spare {
		all = append(all, code(string(i.Key())+" "+i.ID)+" is a duplicate and is left alone")
	}
	owners := byOwner(part.Plan.Foreign)
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		all = append(all, leftAlone(len(owners[owner]), code(owner)))
	}
	return all
}

// markdownRegion is a region's steps in HTML. A blank line would end it.
func markdownRegion(part *stack.Part, calls bool) string {
	var out strings.Builder
	out.WriteString("<table>\n")
	for _, step := range digests(part.Launch, part.Plan.Changed()) {
		fmt.Fprintf(&out, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			verbs[step.Action], code(subject(step)), markdownChanges(step))
	}
	out.WriteString("</table>\n" + markdownLaunch(part.Launch))
	if calls {
		out.WriteString("<table>\n<tr><th>call</th><th>times</th></tr>\n")
		made := part.Calls()
		for _, name := range made.Names() {
			fmt.Fprintf(&out, "<tr><td>%s</td><td>%d</td></tr>\n", code(name), made[name])
		}
		out.WriteString("</table>\n")
	}
	return out.String()
}

// markdownLaunch is a changed script as a diff, and changed tags of instances by name.
func markdownLaunch(d *stack.LaunchDifference) string {
	if d == nil || d.Err != nil {
		return ""
	}
	text := ""
	for _, c := range d.Tags {
		text += fmt.Sprintf("<p>launch %s %s → %s</p>\n", code(c.Field), valueOrNone(c.From), valueOrNone(c.To))
	}
	if d.Script == "" {
		return text
	}
	var lines []string
	for line := range strings.Lines(d.Script) {
		lines = append(lines, escaped(strings.TrimRight(line, "\r\n"))+"\n")
	}
	return text + "<pre>" + strings.Join(lines, "") + "</pre>\n"
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
	graph.Create: "create", graph.Update: "update", graph.Replace: "replace", graph.Delete: "delete",
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
