package network

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// FlowLogAPI is what this file calls.
type FlowLogAPI interface {
	cloud.EC2Tagger
	ec2.DescribeFlowLogsAPIClient
	CreateFlowLogs(context.Context, *ec2.CreateFlowLogsInput, ...func(*ec2.Options)) (*ec2.CreateFlowLogsOutput, error)
	DeleteFlowLogs(context.Context, *ec2.DeleteFlowLogsInput, ...func(*ec2.Options)) (*ec2.DeleteFlowLogsOutput, error)
}

// FlowLogState is a flow log as observed.
type FlowLogState struct {
	graph.Identity
	VPCID    string
	Group    string // the name of the log group that it writes to; empty: it writes to none
	RoleARN  string // with which it writes
	Traffic  types.TrafficType
	Interval int32  // in seconds
	Trouble  string // why records are not delivered, in AWS's words
}

// Facts implements [kind.Telling]: which traffic it records, and what keeps it from that.
func (o FlowLogState) Facts() []string {
	facts := []string{strings.ToLower(string(o.Traffic)) + " to " + o.Group}
	if o.Trouble != "" {
		facts = append(facts, "delivery fails: "+o.Trouble)
	}
	return facts
}

// FlowLogs is the kind "flow-log".
type FlowLogs struct{ API FlowLogAPI }

// FlowLog is the wish for one: of a VPC, to a log group of CloudWatch Logs.
type FlowLog struct {
	FlowLogs
	graph.Meta
	VPC       graph.Ref
	Group     graph.Ref // with the name GroupName, which it keeps when it is created again
	GroupName string
	Role      graph.Ref // that RoleARN names; EC2 refuses a flow log whose role it can't assume
	RoleARN   string
	Traffic   types.TrafficType
	Interval  int32 // in seconds
}

// FlowLogKind is what is known of the kind "flow-log".
var FlowLogKind = kind.Register(kind.Registration{
	Title:    "Flow log",
	Setting:  "network.flow_logs.traffic",
	TaggedAs: types.ResourceTypeVpcFlowLog,
	Writes: kind.Writes{
		Create: "ec2:CreateFlowLogs", Update: []kind.Update{tagWrites}, Delete: []string{"ec2:DeleteFlowLogs"},
	},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeFlowLogs"},
		Create: []string{"ec2:CreateFlowLogs"},
		Within: []string{"ec2:CreateFlowLogs"},
		Change: []string{"ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteFlowLogs"},
		Further: []kind.Allowance{{
			Sid: "PassFlowLogRole", Actions: []string{"iam:PassRole"}, Implied: true,
			On:     []string{"iam::{account}:role/{name}-flow-logs"},
			Limits: []kind.Limit{kind.Equals("iam:PassedToService", "vpc-flow-logs.amazonaws.com")},
		}},
	},
	Drift: kind.Drift{
		Fixed:  []string{"resourceId", "logGroupName", "trafficType", "maxAggregationInterval", "deliverLogsPermissionArn"},
		Unread: []string{"the format of the records"},
	},
	Place: kind.Services,
}, func(c *cloud.Region, _ string) FlowLogs { return FlowLogs{API: c.EC2} })

// Kind implements [graph.Kind].
func (FlowLogs) Kind() string { return "flow-log" }

// Pace implements [graph.Kind].
func (FlowLogs) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable], by the client token.
func (FlowLogs) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k FlowLogs) List(ctx context.Context, s *graph.Look) ([]FlowLogState, error) {
	pages := ec2.NewDescribeFlowLogsPaginator(k.API, &ec2.DescribeFlowLogsInput{Filter: cloud.EC2Filter(s, "flow-log-id")})
	items := func(page *ec2.DescribeFlowLogsOutput) []types.FlowLog { return page.FlowLogs }
	return list(ctx, s, "flow logs", pages, items, observeFlowLog)
}

// Phase implements [graph.Kind]. That records are not delivered is often for a while only: a new role takes its time to
// reach the service, and CloudWatch Logs slows it down at times. A new flow log would not fare better.
func (FlowLogs) Phase(FlowLogState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. Its records stay in the log group.
func (k FlowLogs) Delete(ctx context.Context, o FlowLogState) error {
	out, err := k.API.DeleteFlowLogs(ctx, &ec2.DeleteFlowLogsInput{FlowLogIds: []string{o.ID}})
	if err == nil {
		err = unsuccessful(out.Unsuccessful)[o.ID]
	}
	return cloud.IgnoreNotFound(err)
}

// Needs implements [graph.Resource].
func (r FlowLog) Needs() []graph.Need {
	return []graph.Need{r.VPC.Made(), r.Group.Made(), r.Role.Ready()}
}

// Diff implements [graph.Resource]. AWS can change nothing but the tags. It refuses a second flow log "with the same
// configuration and log destination" (FlowLogAlreadyExists): of one VPC, one type of traffic and one log group. Where these
// stay the same, the old one must be deleted first, and what happens in between is not recorded.
func (r FlowLog) Diff(o FlowLogState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	differs := func(field, what, have, want string, alone bool) {
		if have != want {
			changes = append(changes, graph.Change{
				Field: field, From: have, To: want, Replace: "AWS can't change the " + what + " of a flow log", Alone: alone,
			})
		}
	}
	differs("resourceId", "VPC", o.VPCID, r.VPC.String(), false)
	differs("logGroupName", "log group", o.Group, r.GroupName, false)
	differs("trafficType", "type of traffic", string(o.Traffic), string(r.Traffic), false)
	differs("maxAggregationInterval", "aggregation interval", seconds(o.Interval), seconds(r.Interval), true)
	differs("deliverLogsPermissionArn", "role", o.RoleARN, r.RoleARN, true)
	return changes
}

// Create implements [graph.Resource].
func (r FlowLog) Create(ctx context.Context, c graph.Claim) (FlowLogState, error) {
	out, err := r.API.CreateFlowLogs(ctx, &ec2.CreateFlowLogsInput{
		ResourceType:             types.FlowLogsResourceTypeVpc,
		ResourceIds:              []string{r.VPC.ID()},
		TrafficType:              r.Traffic,
		LogDestinationType:       types.LogDestinationTypeCloudWatchLogs,
		LogGroupName:             aws.String(r.GroupName),
		DeliverLogsPermissionArn: aws.String(r.RoleARN),
		MaxAggregationInterval:   aws.Int32(r.Interval),
		ClientToken:              aws.String(c.Nonce),
		TagSpecifications:        cloud.EC2TagSpec(types.ResourceTypeVpcFlowLog, c.Tags),
	})
	if err == nil {
		err = unsuccessful(out.Unsuccessful)[r.VPC.ID()]
	}
	if err == nil && len(out.FlowLogIds) != 1 {
		err = &smithy.GenericAPIError{Code: "InternalError", Message: "CreateFlowLogs answered with no ID"}
	}
	if err != nil {
		return FlowLogState{}, err
	}
	return FlowLogState{
		Identity: graph.Identity{ID: out.FlowLogIds[0], Tags: c.Tags},
		VPCID:    r.VPC.ID(), Group: r.GroupName, RoleARN: r.RoleARN, Traffic: r.Traffic, Interval: r.Interval,
	}, nil
}

// Update implements [graph.Resource].
func (r FlowLog) Update(ctx context.Context, o FlowLogState, changes []graph.Change) (FlowLogState, error) {
	var err error
	o.Identity, err = cloud.EC2Retag(ctx, r.API, o.Identity, r.Labels, changes)
	return o, err
}

// observeFlowLog takes the name of the log group from its ARN where an answer has that only.
func observeFlowLog(log types.FlowLog) FlowLogState {
	o := FlowLogState{
		Identity: cloud.EC2Identity(log.FlowLogId, log.Tags),
		VPCID:    aws.ToString(log.ResourceId),
		Group:    aws.ToString(log.LogGroupName),
		RoleARN:  aws.ToString(log.DeliverLogsPermissionArn),
		Traffic:  log.TrafficType,
		Interval: aws.ToInt32(log.MaxAggregationInterval),
	}
	if _, name, ok := strings.Cut(aws.ToString(log.LogDestination), ":log-group:"); ok && o.Group == "" {
		o.Group = strings.TrimSuffix(name, ":*")
	}
	if aws.ToString(log.DeliverLogsStatus) == "FAILED" {
		o.Trouble = aws.ToString(log.DeliverLogsErrorMessage)
	}
	return o
}

func seconds(n int32) string { return strconv.Itoa(int(n)) + "s" }
