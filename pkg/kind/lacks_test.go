package kind_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/kind"
)

// Each thing that can be forgotten is named.
func TestLacks(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*kind.Registration)
		want   []string
	}{
		"nothing": {func(*kind.Registration) {}, nil},
		"all": {func(r *kind.Registration) { *r = kind.Registration{} }, []string{
			"a title", "its resource type in EC2's list of tags, or NotByEC2", "a place in the diagram",
			"the call that creates it", "the call that deletes it", "an action that lists it",
		}},
		"what a group launches is neither created nor shown": {
			func(r *kind.Registration) {
				r.Launched, r.Place, r.Writes.Create = true, kind.Unplaced, ""
			}, nil,
		},
		"an action of a call": {func(r *kind.Registration) {
			r.Writes.Update = append(r.Writes.Update,
				kind.Update{Field: "policy", Set: []string{"s3:PutBucketPolicy"}, Swap: "s3:SwapBucketPolicy"})
		}, []string{"an action for s3:PutBucketPolicy", "an action for s3:SwapBucketPolicy"}},
		"a service": {
			func(r *kind.Registration) { r.Actions.Read = append(r.Actions.Read, "HeadBucket") },
			[]string{`the service of action "HeadBucket"`},
		},
		"a call": {
			func(r *kind.Registration) { r.Writes.Update = append(r.Writes.Update, kind.Update{Field: "region"}) },
			[]string{`the call that changes "region"`},
		},
		"a way": {func(r *kind.Registration) {
			r.Writes.Update = append(r.Writes.Update, kind.Update{Field: "tag name", Set: []string{"s3:PutBucketTagging"}})
		}, []string{`a way to the update of "tag name": an earlier one takes its changes`}},
		"ARNs": {
			func(r *kind.Registration) { r.Actions.ReadOn = []string{"s3:GetBucketPolicy"} },
			[]string{"the ARNs that its actions are limited to"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := whole()
			c.change(&r)
			if diff := cmp.Diff(c.want, r.Lacks()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
