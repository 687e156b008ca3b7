package diagram

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/network"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// Build makes the picture of a status.
func Build(name string, s *stack.Status, at time.Time) Picture {
	p := Picture{Stack: name, Time: at}
	for _, part := range s.Parts() {
		if part.Region == state.Global {
			for _, step := range steps(part) {
				p.Global = append(p.Global, node(step))
			}
			continue
		}
		p.Regions = append(p.Regions, region(part))
	}
	return p
}

func steps(part *stack.StatusPart) []graph.Step {
	if part.Plan == nil {
		return nil
	}
	return part.Plan.Steps
}

// builder sorts a region's resources into their places. Those that it takes from rest have one.
type builder struct {
	part *stack.StatusPart
	rest []graph.Step
}

func region(part *stack.StatusPart) Region {
	b := &builder{part: part, rest: slices.Clone(steps(part))}
	r := Region{Name: part.Region, Verdict: part.Verdict(), URL: part.URL, Healthy: part.Healthy()}
	if part.Err != nil {
		r.Err = strings.TrimPrefix(part.Err.Error(), part.Region+": ")
	}
	r.VPC, r.Internet, r.Balancer = b.take("vpc"), b.take("internet-gateway"), b.take("load-balancer")
	if r.VPC.Is() && len(r.VPC.Facts) == 0 {
		r.VPC.Facts = []string{part.Facts.CIDR}
	}
	r.Targets = append(b.takeAll(kind.Listeners), b.takeAll(kind.Targets)...)
	r.Group = append(b.takeAll(kind.Template), b.takeAll(kind.Group)...)
	exits := b.exits()
	r.Regional = b.take("nat-gateway/regional")
	r.Zones = b.zones()
	for i := range r.Zones {
		r.Zones[i].Exit = exit(r, i, exits[r.Zones[i].Letter])
	}
	r.Services, r.Security = b.takeAll(kind.Services), b.takeAll(kind.Security)
	r.Tables = b.takeAll(kind.Tables)
	for _, step := range b.rest {
		r.Others = append(r.Others, node(step))
	}
	return r
}

// take is the thing of a key, or none.
func (b *builder) take(key graph.Key) Node {
	at := slices.IndexFunc(b.rest, func(s graph.Step) bool { return s.Key == key })
	if at < 0 {
		return Node{}
	}
	step := b.rest[at]
	b.rest = slices.Delete(b.rest, at, at+1)
	return node(step)
}

// takeAll are the things whose kinds belong to a place.
func (b *builder) takeAll(place kind.Place) []Node {
	var nodes []Node
	b.rest = slices.DeleteFunc(b.rest, func(s graph.Step) bool {
		if kinds.Of(s).Place != place {
			return false
		}
		nodes = append(nodes, node(s))
		return true
	})
	return nodes
}

// zones are as many as there are private subnets; each takes what its letter names.
func (b *builder) zones() []Zone {
	var zones []Zone
	for _, step := range slices.Clone(b.rest) {
		letter, ok := strings.CutPrefix(step.Key.Name(), "private-")
		if !ok || step.Key.Kind() != "subnet" {
			continue
		}
		z := Zone{
			Letter: letter, Name: b.zoneName(step, stack.Slot(letter)),
			Private: b.take(step.Key), Public: b.take(graph.Join("subnet", "public-"+letter)),
			Table: b.take(graph.Join("route-table", "private-"+letter)),
		}
		for _, key := range []graph.Key{graph.Join("nat-gateway", letter), graph.Join("elastic-ip", letter)} {
			if n := b.take(key); n.Is() {
				z.Gateway = append(z.Gateway, n)
			}
		}
		z.Instances = b.instances(step)
		zones = append(zones, z)
	}
	return zones
}

func (b *builder) zoneName(subnet graph.Step, slot int) string {
	if o, ok := subnet.Observed.(network.SubnetState); ok {
		return fmt.Sprintf("%s (%s)", o.Zone, o.ZoneID)
	}
	if slot < len(b.part.Facts.Zones) && b.part.Facts.Zones[slot] != "" {
		return b.part.Facts.Zones[slot]
	}
	return "zone " + subnet.Key.Name()
}

// exits are the NAT gateways that the private route tables name, by letter.
func (b *builder) exits() map[string]string {
	gateways := map[string]string{} // ID to name
	for _, step := range b.rest {
		if step.Key.Kind() == "nat-gateway" {
			gateways[step.ID] = step.Key.Name()
		}
	}
	exits := map[string]string{}
	for _, step := range b.rest {
		letter, ok := strings.CutPrefix(step.Key.Name(), "private-")
		if table, is := step.Observed.(network.RouteTableState); ok && is {
			exits[letter] = gateways[table.Default.Target]
		}
	}
	return exits
}

// exit is where a zone's NAT gateway is: where the route leads; for a table that does not exist yet, the regional one,
// that of the zone, or the only one.
func exit(r Region, own int, routed string) int {
	zoned := func(z Zone) bool { return len(z.Gateway) > 0 && z.Gateway[0].Key.Kind() == "nat-gateway" }
	table := r.Zones[own].Table
	switch {
	case routed != "" && routed == r.Regional.Key.Name():
		return RegionalExit
	case routed != "":
		return slices.IndexFunc(r.Zones, func(z Zone) bool { return z.Letter == routed && zoned(z) })
	case table.State != Missing:
		return NoExit
	case r.Regional.Is():
		return RegionalExit
	case zoned(r.Zones[own]):
		return own
	}
	return slices.IndexFunc(r.Zones, zoned)
}

// instances are those that the Auto Scaling group has in the subnet's zone.
func (b *builder) instances(subnet graph.Step) []Node {
	o, ok := subnet.Observed.(network.SubnetState)
	if !ok {
		return nil
	}
	var nodes []Node
	for _, m := range b.part.Members {
		if m.Zone != o.Zone {
			continue
		}
		n := Node{
			Key: graph.Join("instance", m.ID), Title: "Instance", ID: m.ID, State: Busy, Word: string(m.Lifecycle),
			Facts: []string{m.Type, "template version " + m.Version},
		}
		for _, t := range b.part.Targets {
			if t.ID != m.ID {
				continue
			}
			n.Word = cmp.Or(string(t.State), n.Word)
			switch {
			case t.Healthy():
				n.State = Ready
			case t.State == "unhealthy":
				n.State = Failed
			}
			if t.Description != "" {
				n.Facts = append(n.Facts, t.Description)
			}
		}
		nodes = append(nodes, n)
	}
	return nodes
}
