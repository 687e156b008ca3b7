package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestFlowLogRoleDiff(t *testing.T) {
	wish := FlowLogRole{Meta: meta("flow-log-role"), Partition: "aws", Account: "123456789012", LogGroup: "/web/flow-logs"}
	whole := FlowLogRoleState{
		Identity: graph.Identity{ID: FlowLogRoleARN("aws", "123456789012", "web"), Tags: labels()},
		Trust:    wish.trust(), Boundary: wish.boundary(), Policy: wish.policy(),
	}
	for name, c := range map[string]struct {
		change func(*FlowLogRoleState)
		want   []graph.Change
	}{
		"as wanted": {func(*FlowLogRoleState) {}, nil},
		"anyone may assume it": {
			func(o *FlowLogRoleState) { o.Trust = `{"Statement":[]}` },
			[]graph.Change{{Field: "assumeRolePolicy", From: `{"Statement":[]}`, To: wish.trust()}},
		},
		"nothing bounds it": {
			func(o *FlowLogRoleState) { o.Boundary = "" },
			[]graph.Change{{Field: "permissionsBoundary", To: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}},
		},
		"its policy is lost": {
			func(o *FlowLogRoleState) { o.Policy = "" },
			[]graph.Change{{Field: "policy flow-logs", To: wish.policy()}},
		},
		"another tag": {
			func(o *FlowLogRoleState) { o.Tags = map[string]string{"team": "x"} },
			[]graph.Change{{Field: "tag team", From: "x", To: "platform"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			have := whole
			c.change(&have)
			if diff := cmp.Diff(c.want, wish.Diff(have)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
