package diagram

import "fmt"

// The ways run in lanes next to the zones, each kind in its own, so that none overlaps another.
const (
	ingressLane = -8  // from the left edge of a zone
	serviceLane = -16 // from the left edge of a zone
	natLane     = 8   // from the right edge of a zone
	exitLane    = 16  // from the right edge of a zone
	arrowRoom   = 2
)

func (p *plan) drawPaths() {
	p.drawIngress()
	p.drawEgress()
	p.drawServices()
}

// drawIngress leads from the internet over the load balancer to each instance.
func (p *plan) drawIngress() {
	if !p.region.Balancer.Is() || !p.region.Internet.Is() {
		return
	}
	x := p.internet.centreX() - gap
	p.path(ingress, "Internet to internet gateway", point{x, p.pill.bottom()}, point{x, p.internet.y - arrowRoom})
	end := point{x, p.balancer.y - arrowRoom}
	if p.regional.y > p.internet.y { // the NAT gateway is between
		lane, y := p.inner.x+ingressLane, p.internet.centreY()
		p.path(ingress, "Internet gateway to load balancer", point{p.internet.x, y}, point{lane, y},
			point{lane, p.balancer.y - gap}, point{x, p.balancer.y - gap}, end)
	} else {
		p.path(ingress, "Internet gateway to load balancer", point{x, p.internet.bottom()}, end)
	}
	for i, z := range p.zones {
		lane := z.frame.x + ingressLane
		for k, at := range z.instances {
			says := "Load balancer to instance " + p.region.Zones[i].Instances[k].ID
			turn := p.balancer.bottom() + gap
			p.path(ingress, says, point{z.frame.x + 2*gap, p.balancer.bottom()}, point{z.frame.x + 2*gap, turn},
				point{lane, turn}, point{lane, at.centreY()}, point{at.x - arrowRoom, at.centreY()})
		}
	}
}

// drawEgress leads from each private route table to its NAT gateway, and from each of those to the internet.
func (p *plan) drawEgress() {
	used := map[int]bool{}
	for i, z := range p.zones {
		exit := p.region.Zones[i].Exit
		used[exit] = true
		switch {
		case exit == RegionalExit:
			p.toRegional(i)
		case exit >= 0:
			p.toGateway(i, exit, z)
		}
	}
	if p.regional.w > 0 && used[RegionalExit] {
		p.regionalOut()
	}
	for i, z := range p.zones {
		if used[i] && z.gateway.w > 0 {
			lane := z.frame.right() + exitLane
			bus := p.balancer.bottom() + 2*gap
			p.out(p.region.Zones[i].Gateway[0].Title, point{z.gateway.right(), z.gateway.centreY() - gap},
				point{lane, z.gateway.centreY() - gap}, point{lane, bus})
		}
	}
}

func (p *plan) toGateway(from, to int, z zonePlan) {
	gateway := p.zones[to].gateway
	says := fmt.Sprintf("Private subnet of %s to %s", p.region.Zones[from].Name, p.region.Zones[to].Gateway[0].Title)
	lane := z.frame.right() + natLane
	points := []point{{z.table.right(), z.table.centreY()}, {lane, z.table.centreY()}}
	if from != to && p.zones[to].frame.y == z.frame.y { // next to each other: over, between the subnets
		between := z.private.y - gap/2
		lane = p.zones[to].frame.right() + natLane
		points = append(points, point{points[1].x, between}, point{lane, between})
	}
	y := gateway.centreY() + gap
	p.path(egress, says, append(points, point{lane, y}, point{gateway.right() + arrowRoom, y})...)
}

func (p *plan) toRegional(from int) {
	z := p.zones[from]
	lane, bus := z.frame.right()+natLane, p.balancer.bottom()+2*gap
	margin := p.inner.right() + natLane
	y := p.regional.centreY() + gap
	p.path(egress, fmt.Sprintf("Private subnet of %s to %s", p.region.Zones[from].Name, p.region.Regional.Title),
		point{z.table.right(), z.table.centreY()}, point{lane, z.table.centreY()}, point{lane, bus}, point{margin, bus},
		point{margin, y}, point{p.regional.right() + arrowRoom, y})
}

// regionalOut is straight where the two gateways are next to each other.
func (p *plan) regionalOut() {
	y := p.regional.centreY()
	if p.regional.y > p.internet.y {
		p.out(p.region.Regional.Title, point{p.regional.right(), y - gap})
		return
	}
	p.path(egress, p.region.Regional.Title+" to internet gateway",
		point{p.regional.x, y}, point{p.internet.right() + arrowRoom, y})
	p.toInternet()
}

// out leads over the right margin to the internet.
func (p *plan) out(from string, points ...point) {
	margin, y := p.inner.right()+exitLane, p.internet.centreY()
	last := points[len(points)-1]
	p.path(egress, from+" to internet gateway", append(points, point{margin, last.y}, point{margin, y},
		point{p.internet.right() + arrowRoom, y})...)
	p.toInternet()
}

func (p *plan) toInternet() {
	x := p.internet.centreX() + gap
	p.path(egress, "Internet gateway to internet", point{x, p.internet.y}, point{x, p.pill.bottom() + arrowRoom})
}

// drawServices leads from the private subnets to the endpoints: over the first row of them, and between the others.
func (p *plan) drawServices() {
	if len(p.services) == 0 {
		return
	}
	first := p.services[0].y
	bus, margin := first-titleHeight-gap/2, p.inner.x+serviceLane
	for i, z := range p.zones {
		lane, y := z.frame.x+serviceLane, z.private.bottom()-gap
		for k, at := range p.services {
			says := fmt.Sprintf("Private subnet of %s to %s", p.region.Zones[i].Name, p.region.Services[k].Title)
			points := []point{{z.private.x, y}, {lane, y}, {lane, bus}}
			over := bus
			if at.y > first {
				over = at.y - gap/2
				points = append(points, point{margin, bus}, point{margin, over})
			}
			end := at.right() - 2*gap
			p.path(service, says, append(points, point{end, over}, point{end, at.y - arrowRoom})...)
		}
	}
}
