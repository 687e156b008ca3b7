package diagram

import (
	"fmt"
	"strings"
	"time"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/verdict"
)

// Planned is what a picture says of the saved plan whose changes it shows.
type Planned struct {
	File   string
	Made   time.Time
	Counts map[State]int // of what is made, changed, replaced and removed
}

// BuildPlan makes the picture of a saved plan: the stack as it is, with a mark on everything that the plan changes. The status
// is one that the plan was compared with, so that what differs in it is what the plan does.
func BuildPlan(name string, s *stack.Status, at time.Time, file string, saved stack.Saved) Picture {
	p := Build(name, s, at)
	p.Plan = &Planned{File: file, Made: saved.Created, Counts: map[State]int{
		Missing: s.Plan.Count(graph.Create), Differs: s.Plan.Count(graph.Update),
		Replaced: s.Plan.Count(graph.Replace), Unwanted: s.Plan.Count(graph.Delete),
	}}
	for i := range p.Regions {
		p.Regions[i].Planned = true
		if s.Regions[i].Plan != nil && len(s.Regions[i].Plan.Changed()) > 0 && p.Regions[i].Verdict != verdict.Unknown {
			p.Regions[i].Verdict = verdict.Differing // the picture is of what the plan changes, however healthy the region is
		}
	}
	return p
}

// tally is how many things a plan does something about.
type tally struct {
	state State
	text  string
}

func (p *Planned) tallies() []tally {
	verbs := map[State]string{Missing: "create", Differs: "update", Replaced: "replace", Unwanted: "delete"}
	var all []tally
	for _, s := range differences {
		if n := p.Counts[s]; n > 0 {
			all = append(all, tally{s, fmt.Sprintf("%s %d to %s", s.Mark(), n, verbs[s])})
		}
	}
	if len(all) == 0 {
		all = []tally{{Ready, "nothing to do"}}
	}
	return all
}

// says is the plan in a line: "Plan plan.json: + 3 to create, - 1 to delete".
func (p *Planned) says() string {
	var parts []string
	for _, t := range p.tallies() {
		parts = append(parts, t.text)
	}
	return "Plan " + p.File + ": " + strings.Join(parts, ", ")
}

// paragraph is the plan in the page's header.
func (p *Planned) paragraph(m *markup) {
	m.open("p", "class", "plan")
	m.text("Plan ")
	m.leaf("strong", p.File)
	m.text(", created at ")
	m.leaf("time", p.Made.UTC().Format(timeLayout), "datetime", p.Made.UTC().Format(time.RFC3339))
	m.text(": ")
	for i, t := range p.tallies() {
		if i > 0 {
			m.text(", ")
		}
		m.leaf("span", t.text, "class", "state "+string(t.state))
	}
	m.text(". ")
	m.leaf("code", "provision up "+p.File)
	m.text(" applies exactly this.")
	m.close("p")
}

// caption is the plan above a drawing; it takes captionHeight.
func (p *Planned) caption(m *markup, y int) {
	m.open("text", "class", "caption", "x", "0", "y", px(y))
	m.leaf("tspan", "Plan "+p.File+":", "class", "title")
	for _, t := range p.tallies() {
		m.leaf("tspan", t.text, "class", string(t.state), "dx", "10")
	}
	m.close("text")
	m.line()
}

const captionHeight = 28

// quiet is the class of a drawing in which what a plan leaves alone steps back.
func (r Region) quiet() string {
	if r.Planned {
		return " planned"
	}
	return ""
}
