package diagram

// scene is a region with a place for everything, in pixels from the top left.
type scene struct {
	width, height int
	frames        []frame // the outer ones first
	cards         []card
	paths         []path
	labels        []label
}

type rect struct{ x, y, w, h int }

func (r rect) right() int   { return r.x + r.w }
func (r rect) bottom() int  { return r.y + r.h }
func (r rect) centreX() int { return r.x + r.w/2 }
func (r rect) centreY() int { return r.y + r.h/2 }

// frame is a thing that others are in.
type frame struct {
	rect
	class string
	title string
	node  Node // may be none
}

// card is a thing that contains nothing.
type card struct {
	rect
	node Node
}

// path is a way that packets take, with an arrow at its end.
type path struct {
	kind   pathKind
	points []point
	says   string // for those who do not see it
}

type point struct{ x, y int }

type pathKind string

const (
	ingress pathKind = "ingress" // requests from the internet to the instances
	egress  pathKind = "egress"  // from the private subnets to the internet
	service pathKind = "service" // from the private subnets to AWS's services, without the internet
)

type label struct {
	x, y  int
	class string
	text  string
}

func (s *scene) card(n Node, at rect) rect {
	if n.Is() {
		s.cards = append(s.cards, card{at, n})
	}
	return at
}

func (s *scene) path(kind pathKind, says string, points ...point) {
	s.paths = append(s.paths, path{kind, points, says})
}
