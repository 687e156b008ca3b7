package state

import (
	"slices"
	"testing"

	"provision/pkg/graph"
)

// If a process dies in between, the state still knows each generation of a resource until it is gone.
func TestAStateKnowsEveryGeneration(t *testing.T) {
	s := newLocal(t)
	w := mustOpen(t, mustAcquire(t, s))
	j := w.Journal("eu-west-1")
	claim := func(nonce string, former ...string) error {
		return j.Claim(t.Context(), []graph.Claim{{Key: "vpc", Nonce: nonce, Former: former}})
	}
	for _, step := range []struct {
		name string
		do   func() error
		want Resource
	}{
		{"claim", func() error { return claim("n1") }, Resource{Nonce: "n1"}},
		{"bind", func() error { return j.Bind("vpc", "vpc-1") }, Resource{ID: "vpc-1", Nonce: "n1"}},
		{"replace", func() error { return claim("n2", "vpc-1") }, Resource{Nonce: "n2", Former: []string{"vpc-1"}}},
		{"claim it again", func() error { return claim("n3", "vpc-1") }, Resource{Nonce: "n3", Former: []string{"vpc-1"}}},
		{"bind the new one", func() error { return j.Bind("vpc", "vpc-2") }, Resource{ID: "vpc-2", Nonce: "n3", Former: []string{"vpc-1"}}},
		{"forget a stranger", func() error { return j.Forget("vpc", "vpc-9") }, Resource{ID: "vpc-2", Nonce: "n3", Former: []string{"vpc-1"}}},
		{"take it back", func() error { return j.Bind("vpc", "vpc-1") }, Resource{ID: "vpc-1", Nonce: "n3", Former: []string{"vpc-2"}}},
		{"claim once more", func() error { return claim("n4", "vpc-1") }, Resource{Nonce: "n4", Former: []string{"vpc-2", "vpc-1"}}},
		{"take that back", func() error { return j.Bind("vpc", "vpc-1") }, Resource{ID: "vpc-1", Nonce: "n4", Former: []string{"vpc-2"}}},
		{"forget it", func() error { return j.Forget("vpc", "vpc-1") }, Resource{Former: []string{"vpc-2"}}},
	} {
		mustDo(t, step.do(), j.Flush(t.Context()))
		got := mustLoad(t, s).Regions["eu-west-1"].Resources["vpc"]
		if got.ID != step.want.ID || got.Nonce != step.want.Nonce || !slices.Equal(got.Former, step.want.Former) {
			t.Errorf("%s: the state has %v, want %v", step.name, got, step.want)
		}
	}
	mustDo(t, j.Forget("vpc", "vpc-2"), w.Close(t.Context()))
	if d := mustLoad(t, s); !d.Empty() {
		t.Errorf("everything is gone, and the state has %v", d.Regions)
	}
}
