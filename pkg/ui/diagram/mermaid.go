package diagram

import (
	"fmt"
	"io"
	"strings"
)

// Mermaid writes the picture as a Mermaid flowchart, which many programs that show Markdown draw.
func Mermaid(w io.Writer, p Picture) error {
	c := &chart{}
	if p.Plan != nil {
		c.line(0, "---\ntitle: %+q\n---", p.Plan.says())
	}
	c.line(0, "flowchart TB")
	for i, r := range p.Regions {
		c.region(fmt.Sprintf("r%d", i), r)
	}
	for _, s := range []struct{ state, look string }{
		{"ready", "stroke:#18794e"},
		{"busy", "stroke:#0b66c2,stroke-width:2px"},
		{"failed", "stroke:#c62a2f,stroke-width:3px"},
		{"missing", "stroke:#18794e,stroke-dasharray:4 3"},
		{"differs", "stroke:#9a5b00,stroke-width:2px"},
		{"replaced", "stroke:#9a5b00,stroke-width:3px"},
		{"unwanted", "stroke:#c62a2f,stroke-dasharray:4 3"},
	} {
		c.line(1, "classDef %s %s", s.state, s.look)
	}
	_, err := io.WriteString(w, c.String())
	return err
}

type chart struct{ strings.Builder }

func (c *chart) line(depth int, format string, args ...any) {
	c.WriteString(strings.Repeat("  ", depth) + fmt.Sprintf(format, args...) + "\n")
}

func (c *chart) region(id string, r Region) {
	c.line(1, "subgraph %s[\"%s: %s\"]", id, mermaidText(r.Name), mermaidText(r.verdict()))
	c.node(2, id+"-igw", r.Internet)
	c.line(2, "subgraph %s-vpc[\"%s\"]", id, mermaidText(r.VPC.label(" ")))
	c.node(3, id+"-nat", r.Regional)
	c.node(3, id+"-lb", r.Balancer)
	c.nodes(3, id+"-t", r.Targets)
	for k, z := range r.Zones {
		zone := fmt.Sprintf("%s-z%d", id, k)
		c.line(3, "subgraph %s[\"%s\"]", zone, mermaidText(z.Name))
		c.line(4, "subgraph %s-public[\"%s\"]", zone, mermaidText(z.Public.label(" ")))
		c.nodes(5, zone+"-g", z.Gateway)
		c.line(4, "end")
		c.line(4, "subgraph %s-private[\"%s\"]", zone, mermaidText(z.Private.label(" ")))
		c.node(5, zone+"-rt", z.Table)
		c.nodes(5, zone+"-i", z.Instances)
		c.line(4, "end")
		c.line(3, "end")
	}
	c.nodes(3, id+"-c", r.Group)
	c.nodes(3, id+"-e", r.Services)
	c.nodes(3, id+"-s", r.Security)
	c.nodes(3, id+"-p", r.Tables)
	c.nodes(3, id+"-o", r.Others)
	c.line(2, "end")
	c.line(1, "end")
	c.ways(id, r)
}

func (c *chart) ways(id string, r Region) {
	if !r.Internet.Is() {
		return
	}
	c.line(1, "%s-net((Internet)) --> %s-igw", id, id)
	if r.Balancer.Is() {
		c.line(1, "%s-igw --> %s-lb", id, id)
	}
	for k, z := range r.Zones {
		zone := fmt.Sprintf("%s-z%d", id, k)
		for n := range z.Instances {
			c.line(1, "%s-lb --> %s-i%d", id, zone, n)
		}
		switch {
		case z.Exit == RegionalExit:
			c.line(1, "%s-rt -.-> %s-nat", zone, id)
		case z.Exit >= 0:
			c.line(1, "%s-rt -.-> %s-z%d-g0", zone, id, z.Exit)
		}
		for n := range r.Services {
			c.line(1, "%s-private -.-> %s-e%d", zone, id, n)
		}
		if len(z.Gateway) > 0 {
			c.line(1, "%s-g0 -.-> %s-igw", zone, id)
		}
	}
	if r.Regional.Is() {
		c.line(1, "%s-nat -.-> %s-igw", id, id)
	}
}

func (c *chart) nodes(depth int, prefix string, nodes []Node) {
	for i, n := range nodes {
		c.node(depth, fmt.Sprintf("%s%d", prefix, i), n)
	}
}

func (c *chart) node(depth int, id string, n Node) {
	if n.Is() {
		c.line(depth, "%s[\"%s\"]:::%s", id, mermaidText(n.label("\n")), n.State)
	}
}

// label is a thing in a few words, with its mark.
func (n Node) label(between string) string {
	parts := []string{strings.TrimSpace(n.State.Mark() + " " + n.Title)}
	if n.ID != "" {
		parts = append(parts, n.ID)
	}
	if n.State != Ready && n.Word != "" {
		parts = append(parts, n.Word)
	}
	return strings.Join(append(parts, n.Changes...), between)
}

// mermaidText makes text safe between quotes: Mermaid takes entities by number, between # and ;.
func mermaidText(text string) string {
	var out strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case r == '\n':
			out.WriteString("<br/>")
		case strings.ContainsRune("\"#&<>;`[]{}()|\\%", r) || r < ' ':
			fmt.Fprintf(&out, "#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
