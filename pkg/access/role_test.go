package access

import (
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestRoleDiff(t *testing.T) {
	trust, policy := trustPolicy("aws"), SessionManagerPolicy("aws")
	for name, tc := range map[string]struct {
		have func(*RoleState)
		want []graph.Change
	}{
		"as wanted":                  {func(*RoleState) {}, nil},
		"with somebody's policy too": {func(o *RoleState) { o.Policies = append(o.Policies, "arn:theirs") }, nil},
		"just made":                  {func(o *RoleState) { o.Policies = nil }, []graph.Change{{Field: "policy", To: policy}}},
		"trusts somebody else": {
			func(o *RoleState) { o.Trust = "{}" },
			[]graph.Change{{Field: "assumeRolePolicy", From: "{}", To: trust}},
		},
		"tags": {
			func(o *RoleState) { o.Tags = map[string]string{"old": "x"} },
			[]graph.Change{{Field: "tag team", To: "platform"}, {Field: "tag old", From: "x"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := RoleState{
				Identity: graph.Identity{ID: "provision-web", Tags: labels()}, Trust: trust, Policies: []string{policy},
			}
			tc.have(&o)
			r := Role{Meta: meta("iam-role"), Partition: "aws"}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserveRole(t *testing.T) {
	got, err := observeRole(types.Role{
		RoleName: aws.String("provision-web"), Arn: aws.String("arn:role"),
		AssumeRolePolicyDocument: aws.String(url.QueryEscape(trustPolicy("aws"))),
		Tags:                     []types.Tag{{Key: aws.String("team"), Value: aws.String("platform")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := RoleState{
		Identity: graph.Identity{ID: "arn:role", Tags: labels()}, Trust: trustPolicy("aws"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
