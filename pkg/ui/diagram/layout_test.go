package diagram

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// In any drawing, no thing lies on another, each is inside of its frame, and no way runs through a thing that it does
// not lead to.
func TestNothingLiesOnAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		way := rapid.SampledFrom([]string{perZone, single, regional, none}).Draw(t, "way")
		r := drawn(rapid.IntRange(0, 6).Draw(t, "zones"), rapid.IntRange(0, 5).Draw(t, "instances"), way).Regions[0]
		s := layout(r, rapid.IntRange(1, 3).Draw(t, "columns"))
		bounds := rect{0, 0, s.width, s.height}
		for i, c := range s.cards {
			if !bounds.holds(c.rect) {
				t.Fatalf("%s at %v is outside of the drawing, %v", c.node.Key, c.rect, bounds)
			}
			for _, other := range s.cards[i+1:] {
				if c.meets(other.rect) {
					t.Fatalf("%s at %v lies on %s at %v", c.node.Key, c.rect, other.node.Key, other.rect)
				}
			}
			for _, f := range s.frames {
				if f.meets(c.rect) && !f.holds(c.rect) {
					t.Fatalf("%s at %v sticks out of %s at %v", c.node.Key, c.rect, f.title, f.rect)
				}
			}
		}
		for _, p := range s.paths {
			checkWay(t, s, p)
		}
	})
}

func checkWay(t *rapid.T, s scene, p path) {
	for i := 1; i < len(p.points); i++ {
		a, b := p.points[i-1], p.points[i]
		if a.x != b.x && a.y != b.y {
			t.Fatalf("%s: the piece from %v to %v is not straight", p.says, a, b)
		}
		piece := rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x) - min(a.x, b.x), max(a.y, b.y) - min(a.y, b.y)}
		for _, c := range s.cards {
			inside := rect{c.x + 1, c.y + 1, c.w - 2, c.h - 2}
			if inside.meets(piece) {
				t.Fatalf("%s: the piece from %v to %v runs through %s at %v", p.says, a, b, c.node.Key, c.rect)
			}
		}
	}
}

func (r rect) holds(o rect) bool {
	return r.x <= o.x && r.y <= o.y && r.right() >= o.right() && r.bottom() >= o.bottom()
}

func (r rect) meets(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom() ||
		(o.w == 0 || o.h == 0) && r.x <= o.x && o.right() <= r.right() && r.y <= o.y && o.bottom() <= r.bottom()
}

func TestWays(t *testing.T) {
	for way, want := range map[string][]string{
		perZone: {
			"Private subnet of eu-west-1a (euw1-az1) to NAT gateway a", "Private subnet of eu-west-1b (euw1-az2) to NAT gateway b",
			"NAT gateway a to internet gateway", "NAT gateway b to internet gateway",
		},
		single: {
			"Private subnet of eu-west-1a (euw1-az1) to NAT gateway a", "Private subnet of eu-west-1b (euw1-az2) to NAT gateway a",
			"NAT gateway a to internet gateway",
		},
		regional: {
			"Private subnet of eu-west-1a (euw1-az1) to NAT gateway regional",
			"Private subnet of eu-west-1b (euw1-az2) to NAT gateway regional", "NAT gateway regional to internet gateway",
		},
		none: nil,
	} {
		var got []string
		for _, p := range layout(drawn(2, 1, way).Regions[0], 3).paths {
			if p.kind == egress && p.says != "Internet gateway to internet" {
				got = append(got, p.says)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", way, diff)
		}
	}
	ways := map[pathKind]int{}
	for _, p := range layout(drawn(2, 1, none).Regions[0], 3).paths {
		ways[p.kind]++
	}
	// In: to the gateway, to the load balancer, to two instances. To services: from two subnets to two endpoints.
	if diff := cmp.Diff(map[pathKind]int{ingress: 4, service: 4}, ways); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMergedLines(t *testing.T) {
	paths := []path{
		{kind: egress, points: []point{{0, 0}, {10, 0}, {10, 50}}},
		{kind: egress, points: []point{{5, 0}, {20, 0}}},
		{kind: egress, points: []point{{30, 0}, {40, 0}}},
		{kind: ingress, points: []point{{0, 0}, {100, 0}}},
	}
	want := []line{{point{0, 0}, point{20, 0}}, {point{10, 0}, point{10, 50}}, {point{30, 0}, point{40, 0}}}
	if diff := cmp.Diff(want, merged(paths, egress), cmp.AllowUnexported(line{}, point{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
