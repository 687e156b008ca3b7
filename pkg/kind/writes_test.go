package kind_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/kind"
)

var writes = kind.Writes{
	Create: "s3:CreateBucket", Later: []string{"policy", "days"}, Given: []string{"30"},
	Update: []kind.Update{
		kind.Tagging("s3:TagResource", "s3:UntagResource"),
		{Field: "policy", Set: []string{"s3:PutPolicy"}, Clear: "s3:DeletePolicy", Swap: "s3:SwapPolicy"},
		{Field: "days", Set: []string{"s3:PutLifecycle"}, Then: []string{"iam:PassRole"}},
	},
}

// The calls of a change depend on the observed and the desired value.
func TestOperationsOfAChange(t *testing.T) {
	for name, c := range map[string]struct {
		change graph.Change
		want   []string
	}{
		"a tag":             {graph.Change{Field: "tag team", From: "a", To: "b"}, []string{"s3:TagResource"}},
		"a tag less":        {graph.Change{Field: "tag team", From: "a"}, []string{"s3:UntagResource"}},
		"from nothing":      {graph.Change{Field: "policy", To: "b"}, []string{"s3:PutPolicy"}},
		"to nothing":        {graph.Change{Field: "policy", From: "a"}, []string{"s3:DeletePolicy"}},
		"another":           {graph.Change{Field: "policy", From: "a", To: "b"}, []string{"s3:SwapPolicy"}},
		"with consequences": {graph.Change{Field: "days", From: "1", To: "2"}, []string{"s3:PutLifecycle", "iam:PassRole"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, writes.Of(c.change).Operations(c.change)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A new thing lacks what its creation can't set, unless it has that anyway.
func TestLackingAfterACreation(t *testing.T) {
	policy := graph.Change{Field: "policy", To: "b"}
	got := writes.Lacking([]graph.Change{{Field: "tag team", To: "b"}, policy, {Field: "days", To: "30"}})
	if diff := cmp.Diff([]graph.Change{policy}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
