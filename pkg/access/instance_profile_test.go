package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestInstanceProfileDiff(t *testing.T) {
	ref := known(t)
	for name, tc := range map[string]struct {
		role graph.Ref
		have []string
		want []graph.Change
	}{
		"as wanted":    {ref("iam-role"), []string{"provision-web"}, nil},
		"empty":        {ref("iam-role"), nil, []graph.Change{{Field: "role", To: "provision-web"}}},
		"another role": {ref("iam-role"), []string{"theirs"}, []graph.Change{{Field: "role", From: "theirs", To: "provision-web"}}},
		"a role that is not made yet": {
			ref("iam-role/new"), nil, []graph.Change{{Field: "role", To: "iam-role/new", After: "iam-role/new"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := InstanceProfile{Meta: meta("instance-profile"), Role: tc.role}
			o := InstanceProfileState{Identity: graph.Identity{ID: "provision-web", Tags: labels()}, Roles: tc.have}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if want := []graph.Need{{Key: tc.role.Key(), Made: true, Update: true}}; !cmp.Equal(want, r.Needs()) {
				t.Errorf("needs %v, want %v", r.Needs(), want)
			}
		})
	}
}
