package diagram

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"time"

	"provision/pkg/verdict"
)

//go:embed page.css
var pageStyle string

// timeLayout is how people read a moment.
const timeLayout = "15:04:05 MST, 2 January 2006"

// HTML writes the picture as one page that needs nothing else: no script, no font and no call to anywhere.
func HTML(w io.Writer, p Picture) error { return page(w, p, "") }

// page is the whole document; script is what the page runs, if anything.
func page(w io.Writer, p Picture, script string) error {
	m := &markup{}
	m.WriteString("<!doctype html>\n")
	m.open("html", "lang", "en")
	m.line()
	m.open("head")
	m.open("meta", "charset", "utf-8")
	m.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	m.leaf("title", "Stack "+p.Stack)
	m.open("style")
	m.WriteString(drawingStyle + pageStyle)
	m.close("style", "head")
	m.line()
	m.open("body")
	m.leaf("a", "Skip to the regions", "class", "skip", "href", "#regions")
	m.open("main", "id", "stack")
	contents(m, p)
	m.close("main")
	m.line()
	if script != "" {
		m.open("script")
		m.WriteString(script)
		m.close("script")
	}
	m.close("body", "html")
	m.line()
	_, err := io.WriteString(w, m.String())
	return err
}

// contents are the part of the page that changes with the stack.
func contents(m *markup, p Picture) {
	m.open("header")
	m.leaf("h1", "Stack "+p.Stack)
	m.open("p", "class", "soft")
	m.text("As AWS reported at ")
	m.leaf("time", p.Time.UTC().Format(timeLayout), "datetime", p.Time.UTC().Format(time.RFC3339))
	m.close("p")
	if p.Plan != nil {
		p.Plan.paragraph(m)
	}
	m.close("header")
	m.line()
	overview(m, p)
	legend(m)
	m.open("div", "id", "regions")
	for i, r := range p.Regions {
		section(m, r, "r"+px(i)+"-")
	}
	m.close("div")
	m.line()
}

var verdictStates = map[verdict.Verdict]State{
	verdict.AsWanted: Ready, verdict.Starting: Busy, verdict.Differing: Differs, verdict.NotThere: Missing,
	verdict.Unknown: Failed, verdict.Foreign: Failed, verdict.Unhealthy: Failed,
}

// overview is each region in a row.
func overview(m *markup, p Picture) {
	m.open("nav", "aria-label", "Regions")
	m.open("table", "class", "overview")
	m.WriteString("<thead><tr><th>Region</th><th>State</th><th>Healthy</th><th>URL</th></tr></thead>")
	m.open("tbody")
	for _, r := range p.Regions {
		m.open("tr")
		m.open("td")
		m.leaf("a", r.Name, "href", "#"+anchor(r.Name))
		m.close("td")
		stateCell(m, verdictStates[r.Verdict], r.verdict())
		m.leaf("td", r.health())
		m.open("td", "class", "url")
		m.text(r.URL)
		m.close("td", "tr")
		m.line()
	}
	for _, n := range p.Global {
		m.open("tr")
		m.leaf("td", n.Title)
		stateCell(m, n.State, n.Word)
		m.leaf("td", "")
		m.leaf("td", n.ID, "class", "url")
		m.close("tr")
		m.line()
	}
	m.close("tbody", "table", "nav")
	m.line()
}

func (r Region) verdict() string {
	n := 0
	for _, node := range r.Nodes() {
		if node.State.Changed() {
			n++
		}
	}
	switch {
	case r.Planned && r.Verdict != verdict.Unknown:
		return counted(n, "change")
	case r.Verdict == verdict.Differing:
		return counted(n, "difference")
	}
	return string(r.Verdict)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// health is how many instances get requests; nothing if there are none.
func (r Region) health() string {
	n := 0
	for _, z := range r.Zones {
		n += len(z.Instances)
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", r.Healthy, n)
}

func stateCell(m *markup, s State, word string) {
	m.open("td", "class", "state "+string(s))
	m.leaf("span", s.Mark(), "class", "mark", "aria-hidden", "true")
	m.text(" " + word)
	m.close("td")
}

func legend(m *markup) {
	m.open("ul", "class", "legend", "aria-label", "Legend")
	for _, way := range []struct {
		kind pathKind
		text string
	}{
		{ingress, "way in: requests to the instances"},
		{egress, "way out: private subnets to the internet"},
		{service, "to AWS's services, without the internet"},
	} {
		m.open("li")
		m.open("svg", "width", "34", "height", "8", "aria-hidden", "true")
		m.open("path", "class", "way "+string(way.kind), "d", "M0 4 L34 4")
		m.close("path", "svg")
		m.text(" " + way.text)
		m.close("li")
	}
	for _, s := range []struct {
		state State
		text  string
	}{
		{Ready, "ready"},
		{Busy, "pending"},
		{Failed, "failed or unhealthy"},
		{Missing, "would be created"},
		{Differs, "would be updated"},
		{Replaced, "would be replaced"},
		{Unwanted, "would be deleted"},
	} {
		m.open("li", "class", "state "+string(s.state))
		m.leaf("span", s.state.Mark(), "class", "mark")
		m.text(" " + s.text)
		m.close("li")
	}
	m.close("ul")
	m.line()
}

// section is a region: its drawing, once for wide windows and once for narrow ones, and all its things in words.
func section(m *markup, r Region, prefix string) {
	m.open("section", "id", anchor(r.Name), "aria-labelledby", anchor(r.Name)+"-title")
	m.open("h2", "id", anchor(r.Name)+"-title")
	m.text(r.Name + " ")
	m.leaf("span", verdictStates[r.Verdict].Mark()+" "+r.verdict(), "class", "state "+string(verdictStates[r.Verdict]))
	m.close("h2")
	m.line()
	if r.URL != "" {
		m.open("p")
		m.leaf("a", r.URL, "href", r.URL)
		m.close("p")
	}
	if r.Err != "" {
		m.leaf("p", r.Err, "class", "problem")
	}
	if !r.VPC.Is() {
		m.close("section")
		return
	}
	m.open("div", "class", "region"+r.quiet())
	link := func(n Node) string { return thingID(r, n) }
	for _, form := range []struct {
		class   string
		columns int
	}{{"wide", 3}, {"narrow", 1}} {
		s := layout(r, form.columns)
		arrowPrefix := prefix + form.class + "-"
		m.open("svg", "class", "drawing "+form.class, "viewBox", fmt.Sprintf("-2 -2 %d %d", s.width+4, s.height+4),
			"role", "group", "aria-label", "Topology of "+r.Name)
		arrows(m, arrowPrefix)
		s.draw(m, drawing{region: r, prefix: arrowPrefix, link: link})
		m.close("svg")
		m.line()
	}
	things(m, r)
	m.close("div", "section")
	m.line()
}

// things is everything in words.
func things(m *markup, r Region) {
	m.open("table", "class", "things")
	m.leaf("caption", "Everything in "+r.Name)
	m.WriteString("<thead><tr><th>Resource</th><th>State</th><th>ID and more</th></tr></thead>")
	m.open("tbody")
	m.line()
	for _, n := range r.Nodes() {
		m.open("tr", "id", thingID(r, n), "tabindex", "-1")
		m.leaf("th", n.Title, "scope", "row")
		stateCell(m, n.State, n.Word)
		m.open("td")
		m.leaf("code", short(n.ID), "title", n.ID)
		for _, fact := range n.Facts {
			m.leaf("div", fact)
		}
		for _, change := range n.Changes {
			m.leaf("div", change, "class", "change")
		}
		m.close("td", "tr")
		m.line()
	}
	m.close("tbody", "table")
	m.line()
}

// short is the part of an ARN that names the thing.
func short(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	parts := strings.SplitN(id, ":", 6)
	return parts[len(parts)-1]
}

func thingID(r Region, n Node) string {
	return anchor(r.Name) + "-" + anchor(string(n.Key)) + "-" + anchor(n.ID)
}

// anchor makes an ID of letters, digits and dashes; other characters become their numbers, so that no two texts are one.
func anchor(text string) string {
	var id strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-':
			id.WriteRune(r)
		default:
			fmt.Fprintf(&id, "_%x", r)
		}
	}
	return id.String()
}
