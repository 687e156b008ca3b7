package diagram

// Sizes in pixels.
const (
	cardWidth   = 196
	cardHeight  = 42
	gap         = 10 // between cards, and from a frame to what is in it
	titleHeight = 24
	zoneWidth   = cardWidth + 4*gap
	lanes       = 40 // between zones: the ways in and out run there
	leftMargin  = 28
	rightMargin = 36
	pillHeight  = 26
)

// plan is a layout under construction: the places so far, and y, where the next thing goes.
type plan struct {
	scene
	region  Region
	columns int
	inner   rect // of the VPC: where zones and shelves are; its height grows
	y       int

	pill, internet, regional, balancer rect
	zones                              []zonePlan
	services                           []rect
}

type zonePlan struct {
	frame, private, gateway, table rect
	instances                      []rect
}

// layout gives everything of a region its place, with so many zones side by side.
func layout(r Region, columns int) scene {
	p := &plan{region: r, columns: max(1, min(columns, max(1, len(r.Zones))))}
	p.inner.w = p.columns*zoneWidth + (p.columns-1)*lanes
	vpcWidth := leftMargin + p.inner.w + rightMargin
	p.width = vpcWidth + 2*gap
	p.inner.x = gap + leftMargin

	p.pill = rect{p.width/2 - 50, 0, 100, pillHeight}
	outer := rect{0, pillHeight + 2*gap, p.width, 0}
	vpc := rect{gap, outer.y + titleHeight + gap, vpcWidth, 0}
	p.frames = append(p.frames, frame{outer, "region", r.Name, Node{}}, frame{vpc, "vpc", r.VPC.Title, r.VPC})
	p.y = vpc.y + titleHeight + gap

	p.placeGateways()
	p.placeBalancer()
	p.placeZones()
	p.placeServices()
	p.shelf("Compute", r.Group)
	p.shelf("Security groups", r.Security)
	p.shelf("Routes of the public subnets", r.Tables)
	p.shelf("No longer desired, or elsewhere", r.Others)

	p.frames[1].h = p.y - vpc.y
	p.frames[0].h = p.frames[1].bottom() + gap - outer.y
	p.height = p.frames[0].bottom()
	p.labels = append(p.labels, label{p.pill.centreX(), p.pill.centreY(), "pill", "Internet"})
	p.drawPaths()
	return p.scene
}

func (p *plan) placeGateways() {
	p.internet = p.card(p.region.Internet, rect{p.inner.centreX() - cardWidth/2, p.y, cardWidth, cardHeight})
	if p.region.Regional.Is() {
		at := rect{p.inner.right() - cardWidth, p.y, cardWidth, cardHeight}
		if p.columns < 3 { // it would lie on the internet gateway
			p.y += cardHeight + 2*gap
			at.y = p.y
		}
		p.regional = p.card(p.region.Regional, at)
	}
	p.y += cardHeight + 2*gap
}

// placeBalancer spans the zones, as the load balancer does.
func (p *plan) placeBalancer() {
	p.balancer = rect{p.inner.x, p.y, p.inner.w, 0}
	p.frames = append(p.frames, frame{p.balancer, "balancer", p.region.Balancer.Title, p.region.Balancer})
	at := len(p.frames) - 1
	p.y += titleHeight
	p.rows(p.region.Targets, p.balancer.x+gap)
	p.frames[at].h = p.y - p.balancer.y
	p.balancer = p.frames[at].rect
	p.y += 3 * gap
}

// rows places cards below each other in columns, and returns where.
func (p *plan) rows(nodes []Node, x int) []rect {
	var all []rect
	for i, n := range nodes {
		if i > 0 && i%p.columns == 0 {
			p.y += cardHeight + gap
		}
		all = append(all, p.card(n, rect{x + i%p.columns*(zoneWidth+lanes), p.y, cardWidth, cardHeight}))
	}
	if len(nodes) > 0 {
		p.y += cardHeight + gap
	}
	return all
}

func (p *plan) placeZones() {
	zones := p.region.Zones
	for first := 0; first < len(zones); first += p.columns {
		row := zones[first:min(first+p.columns, len(zones))]
		gateways, instances := 0, 0
		for _, z := range row {
			gateways, instances = max(gateways, len(z.Gateway)), max(instances, len(z.Instances))
		}
		bottom := p.y
		for i, z := range row {
			placed := p.placeZone(z, rect{p.inner.x + i*(zoneWidth+lanes), p.y, zoneWidth, 0}, gateways, instances)
			bottom = max(bottom, placed.frame.bottom())
			p.zones = append(p.zones, placed)
		}
		p.y = bottom + 2*gap
	}
}

// placeZone leaves room for as many cards as the fullest zone of its row has.
func (p *plan) placeZone(z Zone, at rect, gateways, instances int) zonePlan {
	stack := func(n int) int { return titleHeight + n*(cardHeight+gap) }
	public := rect{at.x + gap, at.y + titleHeight, at.w - 2*gap, stack(gateways)}
	private := rect{public.x, public.bottom() + gap, public.w, stack(instances + 1)}
	at.h = private.bottom() + gap - at.y
	p.frames = append(p.frames,
		frame{at, "zone", z.Name, Node{}}, frame{public, "public", z.Public.Title, z.Public},
		frame{private, "private", z.Private.Title, z.Private})
	cell := func(in rect, i int) rect {
		return rect{in.x + gap, in.y + titleHeight + i*(cardHeight+gap), cardWidth, cardHeight}
	}
	placed := zonePlan{frame: at, private: private}
	for i, n := range z.Gateway {
		where := p.card(n, cell(public, i))
		if i == 0 {
			placed.gateway = where
		}
	}
	placed.table = p.card(z.Table, cell(private, 0))
	for i, n := range z.Instances {
		placed.instances = append(placed.instances, p.card(n, cell(private, i+1)))
	}
	return placed
}

func (p *plan) placeServices() {
	p.y += gap // the ways there run above
	p.services = p.shelf("Endpoints", p.region.Services)
}

// shelf is a titled row of cards.
func (p *plan) shelf(title string, nodes []Node) []rect {
	if len(nodes) == 0 {
		return nil
	}
	p.labels = append(p.labels, label{p.inner.x, p.y + 14, "shelf", title})
	p.y += titleHeight
	return p.rows(nodes, p.inner.x+2*gap)
}
