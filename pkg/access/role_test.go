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
	const boundary, former = "arn:aws:" + roleBoundary, "arn:aws:" + formerPolicy
	trust := trustPolicy("aws")
	session := graph.Change{Field: fieldSession, To: SessionPolicy()}
	bounding := graph.Change{Field: fieldBoundary, To: boundary}
	theirs := graph.Change{Field: "policy arn:theirs", From: "attached"}
	for name, tc := range map[string]struct {
		have     func(*RoleState)
		want     []graph.Change
		reported []graph.Change
	}{
		"as wanted": {have: func(*RoleState) {}},
		"with others' policies too": {
			have:     func(o *RoleState) { o.Policies, o.Inline = []string{"arn:theirs"}, []string{"theirs"} },
			reported: []graph.Change{theirs, {Field: "inline policy theirs", From: "embedded"}},
		},
		"just created": {have: func(o *RoleState) { o.Session, o.Inline = "", nil }, want: []graph.Change{session}},
		"of an earlier version": {
			have: func(o *RoleState) { o.Session, o.Boundary, o.Inline, o.Policies = "", "", nil, []string{former} },
			want: []graph.Change{bounding, session, {Field: fieldFormer, From: former}},
		},
		"of an earlier version, with others' policies, which a boundary would make void": {
			have: func(o *RoleState) {
				o.Session, o.Boundary, o.Inline, o.Policies = "", "", nil, []string{former, "arn:theirs"}
			},
			want:     []graph.Change{session, {Field: fieldFormer, From: former}},
			reported: []graph.Change{theirs},
		},
		"with another boundary": {
			have:     func(o *RoleState) { o.Boundary = "arn:theirs" },
			reported: []graph.Change{{Field: "boundary arn:theirs", From: "set"}},
		},
		"with another policy of this name": {
			have: func(o *RoleState) { o.Session = "{}" },
			want: []graph.Change{{Field: fieldSession, From: "{}", To: SessionPolicy()}},
		},
		"trusts another": {
			have: func(o *RoleState) { o.Trust = "{}" },
			want: []graph.Change{{Field: "assumeRolePolicy", From: "{}", To: trust}},
		},
		"tags": {
			have: func(o *RoleState) { o.Tags = map[string]string{"old": "x"} },
			want: []graph.Change{{Field: "tag team", To: "platform"}, {Field: "tag old", From: "x"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := RoleState{
				Identity: graph.Identity{ID: "provision-web", Tags: labels()}, Trust: trust, Boundary: boundary,
				Session: SessionPolicy(), Inline: []string{sessionPolicy},
			}
			tc.have(&o)
			r := Role{Meta: meta("iam-role"), Partition: "aws"}
			if diff := cmp.Diff(tc.want, r.Diff(o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.reported, r.Report(o)); diff != "" {
				t.Errorf("reported (-want +got):\n%s", diff)
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
