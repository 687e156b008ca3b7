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
