package diagram

import (
	"fmt"
	"io"
	"strings"
)

var dotLooks = map[State]string{
	Ready: `color="#18794e"`, Busy: `color="#0b66c2", penwidth=2`, Failed: `color="#c62a2f", penwidth=3`,
	Missing: `color="#18794e", style="dashed"`, Differs: `color="#9a5b00", penwidth=2`,
	Replaced: `color="#9a5b00", penwidth=3`, Unwanted: `color="#c62a2f", style="dashed"`,
}

// DOT writes the picture for Graphviz.
func DOT(w io.Writer, p Picture) error {
	d := &dot{}
	d.line(0, "digraph %s {", dotText(p.Stack))
	d.line(1, "compound=true; rankdir=TB; fontname=\"Helvetica\";")
	if p.Plan != nil {
		d.line(1, "label=%s; labelloc=t;", dotText(p.Plan.says()))
	}
	d.line(1, "node [shape=box, fontname=\"Helvetica\", fontsize=10];")
	for _, r := range p.Regions {
		d.region(r)
	}
	d.line(0, "}")
	_, err := io.WriteString(w, d.String())
	return err
}

type dot struct {
	strings.Builder
	clusters int
}

func (d *dot) line(depth int, format string, args ...any) {
	d.WriteString(strings.Repeat("  ", depth) + fmt.Sprintf(format, args...) + "\n")
}

// cluster is a frame around what inside writes.
func (d *dot) cluster(depth int, label string, inside func(depth int)) {
	d.clusters++
	d.line(depth, "subgraph cluster_%d {", d.clusters)
	d.line(depth+1, "label=%s;", dotText(label))
	inside(depth + 1)
	d.line(depth, "}")
}

func (d *dot) region(r Region) {
	d.cluster(1, r.Name+": "+r.verdict(), func(depth int) {
		d.nodes(depth, r, r.Internet)
		d.cluster(depth, r.VPC.label(" "), func(depth int) {
			d.nodes(depth, r, r.Regional, r.Balancer)
			d.nodes(depth, r, r.Targets...)
			for _, z := range r.Zones {
				d.cluster(depth, z.Name, func(depth int) {
					d.cluster(depth, z.Public.label(" "), func(depth int) { d.nodes(depth, r, z.Gateway...) })
					d.cluster(depth, z.Private.label(" "), func(depth int) { d.nodes(depth, r, append([]Node{z.Table}, z.Instances...)...) })
				})
			}
			for _, nodes := range [][]Node{r.Group, r.Services, r.Security, r.Tables, r.Others} {
				d.nodes(depth, r, nodes...)
			}
		})
	})
	d.ways(r)
}

func (d *dot) nodes(depth int, r Region, nodes ...Node) {
	for _, n := range nodes {
		if n.Is() {
			d.line(depth, "%s [label=%s, %s];", dotID(r, n), dotText(n.label("\n")), dotLooks[n.State])
		}
	}
}

func (d *dot) ways(r Region) {
	if !r.Internet.Is() {
		return
	}
	internet := dotText(r.Name + " internet")
	d.line(1, "%s [label=\"Internet\", shape=oval];", internet)
	d.edge(internet, dotID(r, r.Internet), "solid")
	if r.Balancer.Is() {
		d.edge(dotID(r, r.Internet), dotID(r, r.Balancer), "solid")
	}
	if r.Regional.Is() {
		d.edge(dotID(r, r.Regional), dotID(r, r.Internet), "dashed")
	}
	for _, z := range r.Zones {
		for _, n := range z.Instances {
			d.edge(dotID(r, r.Balancer), dotID(r, n), "solid")
		}
		switch {
		case z.Exit == RegionalExit:
			d.edge(dotID(r, z.Table), dotID(r, r.Regional), "dashed")
		case z.Exit >= 0:
			d.edge(dotID(r, z.Table), dotID(r, r.Zones[z.Exit].Gateway[0]), "dashed")
		}
		if len(z.Gateway) > 0 {
			d.edge(dotID(r, z.Gateway[0]), dotID(r, r.Internet), "dashed")
		}
		for _, n := range r.Services {
			d.edge(dotID(r, z.Table), dotID(r, n), "dotted")
		}
	}
}

func (d *dot) edge(from, to, style string) { d.line(1, "%s -> %s [style=%s];", from, to, style) }

func dotID(r Region, n Node) string { return dotText(thingID(r, n)) }

// dotText is a quoted string of DOT; line breaks are centred ones.
func dotText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", " ").Replace(text) + `"`
}
