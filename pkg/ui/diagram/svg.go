package diagram

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
)

//go:embed diagram.css
var drawingStyle string

// regionGap is between two regions of one drawing.
const regionGap = 40

// SVG draws the picture as one drawing, the regions below each other, three zones wide.
func SVG(w io.Writer, p Picture) error {
	const columns = 3
	scenes := make([]scene, 0, len(p.Regions))
	width, height, top := 0, 0, 0
	if p.Plan != nil {
		top = captionHeight
		height = top
	}
	for _, r := range p.Regions {
		s := layout(r, columns)
		scenes = append(scenes, s)
		width, height = max(width, s.width), height+s.height+regionGap
	}
	m := &markup{}
	const border = 20
	box := strings.Join([]string{px(-border), px(-border), px(width + 2*border), px(height - regionGap + 2*border)}, " ")
	m.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", box, "width", px(width+2*border), "role", "img",
		"aria-label", "Stack "+p.Stack)
	m.leaf("title", "Stack "+p.Stack)
	m.open("style")
	m.WriteString(drawingStyle)
	m.close("style")
	m.open("rect", "class", "ground", "x", px(-border), "y", px(-border), "width", "100%", "height", "100%")
	m.close("rect")
	arrows(m, "")
	if p.Plan != nil {
		p.Plan.caption(m, captionHeight/2)
	}
	y := top
	for i, s := range scenes {
		m.open("g", "class", strings.TrimSpace(p.Regions[i].quiet()), "transform", "translate(0 "+px(y)+")")
		s.draw(m, drawing{region: p.Regions[i]})
		m.close("g")
		y += s.height + regionGap
	}
	m.close("svg")
	m.line()
	_, err := io.WriteString(w, m.String())
	return err
}

// drawing is how a scene is drawn.
type drawing struct {
	region Region
	prefix string // of the arrows' IDs
	link   func(Node) string
}

func arrows(m *markup, prefix string) {
	m.open("defs")
	for _, kind := range []pathKind{ingress, egress, service} {
		m.open("marker", "id", prefix+"arrow-"+string(kind), "class", "arrow "+string(kind), "viewBox", "0 0 8 8", "refX", "6",
			"refY", "4", "markerWidth", "7", "markerHeight", "7", "orient", "auto")
		m.open("path", "d", "M0 0 L8 4 L0 8 z")
		m.close("path", "marker")
	}
	m.close("defs")
	m.line()
}

func (s scene) draw(m *markup, d drawing) {
	for _, f := range s.frames {
		f.draw(m, d)
	}
	for _, kind := range []pathKind{service, egress, ingress} {
		s.drawWays(m, kind)
	}
	for _, p := range s.paths {
		p.draw(m, d)
	}
	for _, c := range s.cards {
		c.draw(m, d)
	}
	for _, l := range s.labels {
		l.draw(m)
	}
}

func (s scene) drawWays(m *markup, kind pathKind) {
	var way strings.Builder
	for _, l := range merged(s.paths, kind) {
		way.WriteString("M" + px(l.from.x) + " " + px(l.from.y) + " L" + px(l.to.x) + " " + px(l.to.y) + " ")
	}
	if way.Len() > 0 {
		m.open("path", "class", "way "+string(kind), "d", strings.TrimSpace(way.String()))
		m.close("path")
		m.line()
	}
}

// draw gives the way its arrow and its words; its line is part of what all ways of the kind have in common.
func (p path) draw(m *markup, d drawing) {
	var way strings.Builder
	for i, at := range p.points {
		way.WriteString(map[bool]string{true: "M", false: " L"}[i == 0] + px(at.x) + " " + px(at.y))
	}
	m.open("path", "class", "route "+string(p.kind), "d", way.String(), "marker-end", "url(#"+d.prefix+"arrow-"+string(p.kind)+")")
	m.leaf("title", p.says)
	m.close("path")
	m.line()
}

func (l label) draw(m *markup) {
	if l.class == "pill" {
		m.open("rect", "class", "pill", "x", px(l.x-50), "y", px(l.y-pillHeight/2), "width", "100", "height", px(pillHeight), "rx", "13")
		m.close("rect")
	}
	m.leaf("text", l.text, "class", l.class, "x", px(l.x), "y", px(l.y), "dy", map[bool]string{true: "0.35em"}[l.class == "pill"])
	m.line()
}

func (f frame) draw(m *markup, d drawing) {
	m.open("g", "class", "frame "+f.class+" "+string(f.node.State))
	m.open("rect", "x", px(f.x), "y", px(f.y), "width", px(f.w), "height", px(f.h), "rx", "6")
	m.close("rect")
	d.begin(m, f.node)
	x := f.x + gap
	if mark := f.node.State.Mark(); mark != "" {
		m.leaf("text", mark, "class", "mark", "x", px(x), "y", px(f.y+16))
		x += f.node.State.room()
	}
	room := f.w - 2*gap - (x - f.x)
	title := f.title
	if name := f.node.Key.Name(); name != "" {
		title = name
	}
	if f.class != "balancer" && len(f.node.Facts) > 0 {
		title += "  " + f.node.Facts[0]
	}
	title = fit(title, room, 7)
	m.leaf("text", title, "class", "title", "x", px(x), "y", px(f.y+16))
	if id := f.node.ID; id != "" && !strings.HasPrefix(id, "arn:") && f.class == "vpc" {
		m.leaf("text", id, "class", "id end", "x", px(f.right()-gap), "y", px(f.y+16))
	}
	if f.class == "region" {
		m.leaf("text", d.region.verdict(), "class", "end verdict", "x", px(f.right()-gap), "y", px(f.y+16))
	}
	d.end(m, f.node)
	m.close("g")
	m.line()
}

func (c card) draw(m *markup, d drawing) {
	m.open("g", "class", "card "+string(c.node.State))
	d.begin(m, c.node)
	m.open("rect", "class", "body", "x", px(c.x), "y", px(c.y), "width", px(c.w), "height", px(c.h), "rx", "4")
	m.close("rect")
	m.open("rect", "class", "stripe", "x", px(c.x), "y", px(c.y), "width", "4", "height", px(c.h), "rx", "2")
	m.close("rect")
	m.leaf("text", c.node.State.Mark(), "class", "mark", "x", px(c.x+10), "y", px(c.y+17))
	after := 10 + c.node.State.room()
	m.leaf("text", fit(c.node.Title, c.w-after-6, 7), "class", "title", "x", px(c.x+after), "y", px(c.y+17))
	m.leaf("text", fit(c.node.below(), c.w-20, 6), "class", "id", "x", px(c.x+10), "y", px(c.y+33))
	d.end(m, c.node)
	m.close("g")
	m.line()
}

// room is the width of a mark and of what is between it and a title.
func (s State) room() int {
	switch s {
	case Replaced:
		return 24
	case Busy:
		return 18
	case Ready, Failed, Missing, Differs, Unwanted, Elsewhere:
	}
	return 14
}

// below is a card's second line: the problem, else the ID, or words that say more than an ARN does.
func (n Node) below() string {
	switch {
	case n.State == Ready && strings.HasPrefix(n.ID, "arn:") && len(n.Facts) > 0:
		return n.Facts[0]
	case n.State == Ready:
		return n.ID
	case len(n.Changes) > 1:
		return fmt.Sprintf("%d changes: %s", len(n.Changes), n.Changes[0])
	case len(n.Changes) > 0:
		return n.Changes[0]
	}
	return n.Word
}

// begin and end enclose a resource that the keyboard can focus, with the text that describes it.
func (d drawing) begin(m *markup, n Node) {
	if !n.Is() {
		return
	}
	if d.link != nil {
		m.open("a", "href", "#"+d.link(n), "aria-label", n.says())
	}
	m.leaf("title", n.says())
}

func (d drawing) end(m *markup, n Node) {
	if n.Is() && d.link != nil {
		m.close("a")
	}
}

// says is the thing in words, for tooltips and screen readers.
func (n Node) says() string {
	parts := []string{n.Title, n.Word}
	if n.ID != "" {
		parts = append(parts, n.ID)
	}
	return strings.Join(append(append(parts, n.Facts...), n.Changes...), ", ")
}

// fit cuts a text to a width, by what a letter takes on average.
func fit(text string, width, letter int) string {
	runes := []rune(text)
	if most := max(1, width/letter); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
