package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffRefs(t *testing.T) {
	g := New("r")
	g.ids.bind("subnet/a", thing("subnet-2"))
	g.ids.bind("subnet/b", thing("subnet-1"))
	a, b, c := g.Ref("subnet/a"), g.Ref("subnet/b"), g.Ref("subnet/c")
	for name, tc := range map[string]struct {
		have []string
		refs []Ref
		want []Change
	}{
		"same, in another order": {[]string{"subnet-2", "subnet-1"}, []Ref{a, b}, nil},
		"one too few": {
			[]string{"subnet-1"},
			[]Ref{a, b},
			[]Change{{Field: "subnets", From: "subnet-1", To: "subnet-1,subnet-2"}},
		},
		"one too many": {
			[]string{"subnet-1", "subnet-2"},
			[]Ref{b},
			[]Change{{Field: "subnets", From: "subnet-1,subnet-2", To: "subnet-1"}},
		},
		"one not made yet": {
			[]string{"subnet-2"},
			[]Ref{a, c},
			[]Change{{Field: "subnets", From: "subnet-2", To: "subnet-2,subnet/c", After: "subnet/c"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, DiffRefs("subnets", tc.have, tc.refs...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

type thing string

func (t thing) Ident() Identity { return Identity{ID: string(t)} }

// Where IDs only go, the change waits for the heir; what comes waits for nobody.
func TestDiffRefsOfAnHeir(t *testing.T) {
	w := newWorld()
	g, balancer, _ := handing(w)
	front, heir := g.Ref("balancer"), g.Ref("group")
	g.ids.bind("balancer", toyState{Identity: Identity{ID: "1"}})
	g.ids.bind("group", toyState{Identity: Identity{ID: "2"}})
	for name, tc := range map[string]struct {
		have  []string
		heir  Ref
		after Key
		n     int
	}{
		"the same":                 {[]string{"1", "2"}, heir, "", 0},
		"one goes":                 {[]string{"1", "2", "3"}, heir, "group", 1},
		"one comes":                {[]string{"1"}, heir, "", 1},
		"one comes, and one goes":  {[]string{"1", "3"}, heir, "", 1},
		"one goes, and nobody has": {[]string{"1", "2", "3"}, Ref{}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			got := DiffRefsOf(tc.heir, "subnets", tc.have, front, heir)
			if len(got) != tc.n || tc.n == 1 && got[0].After != tc.after {
				t.Errorf("got %+v, want %d that wait for %q (%s)", got, tc.n, tc.after, balancer.Key())
			}
		})
	}
}
