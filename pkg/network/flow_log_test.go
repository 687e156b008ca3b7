package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

func TestFlowLogDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{"vpc": "vpc-1", "log-group": "/web/flow-logs"})
	want := FlowLog{
		Meta: meta("flow-log"), VPC: ref("vpc"), Group: ref("log-group"), GroupName: "/web/flow-logs", RoleARN: "arn:aws:iam::1:role/logs",
		Traffic: types.TrafficTypeReject, Interval: 600,
	}
	good := FlowLogState{
		Identity: graph.Identity{ID: "fl-1", Tags: ownTags("flow-log")}, VPCID: "vpc-1", Group: "/web/flow-logs",
		RoleARN: want.RoleARN, Traffic: types.TrafficTypeReject, Interval: 600,
	}
	checkDiffs(t, map[string]diffCase[FlowLogState]{
		"as wanted":        {want, good, nil},
		"is not delivered": {want, but(good, func(o *FlowLogState) { o.Trouble = "Access error" }), nil},
		"other traffic": {
			want, but(good, func(o *FlowLogState) { o.Traffic = types.TrafficTypeAll }),
			[]graph.Change{{Field: "trafficType", From: "ALL", To: "REJECT", Replace: "AWS can't change the type of traffic of a flow log"}},
		},
		"another interval and role": {
			want, but(good, func(o *FlowLogState) { o.Interval, o.RoleARN = 60, "arn:aws:iam::1:role/old" }),
			[]graph.Change{
				{
					Field: "maxAggregationInterval", From: "60s", To: "600s", Alone: true,
					Replace: "AWS can't change the aggregation interval of a flow log",
				},
				{
					Field: "deliverLogsPermissionArn", From: "arn:aws:iam::1:role/old", To: want.RoleARN, Alone: true,
					Replace: "AWS can't change the role of a flow log",
				},
			},
		},
		"another log group and VPC": {
			want, but(good, func(o *FlowLogState) { o.Group, o.VPCID = "/old", "vpc-2" }),
			[]graph.Change{
				{Field: "resourceId", From: "vpc-2", To: "vpc-1", Replace: "AWS can't change the VPC of a flow log"},
				{Field: "logGroupName", From: "/old", To: "/web/flow-logs", Replace: "AWS can't change the log group of a flow log"},
			},
		},
	})
}

// Old answers have the name of the log group, and others its ARN.
func TestObserveFlowLog(t *testing.T) {
	text := func(s string) *string { return &s }
	for name, c := range map[string]struct {
		log  types.FlowLog
		want FlowLogState
	}{
		"a name": {types.FlowLog{LogGroupName: text("/web"), DeliverLogsStatus: text("SUCCESS")}, FlowLogState{Group: "/web"}},
		"an ARN": {
			types.FlowLog{LogDestination: text("arn:aws:logs:eu-west-1:1:log-group:/web:*")}, FlowLogState{Group: "/web"},
		},
		"a bucket": {types.FlowLog{LogDestination: text("arn:aws:s3:::web")}, FlowLogState{}},
		"trouble": {
			types.FlowLog{DeliverLogsStatus: text("FAILED"), DeliverLogsErrorMessage: text("Access error")},
			FlowLogState{Trouble: "Access error"},
		},
	} {
		if got := observeFlowLog(c.log); got.Group != c.want.Group || got.Trouble != c.want.Trouble {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
