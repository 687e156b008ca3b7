package stack

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/access"
	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/observe"
)

const flowLogKey graph.Key = "flow-log"

// flowLogs record the VPC's traffic, if the settings ask for it. Nothing waits for them.
func (t topology) flowLogs(vpc graph.Ref) {
	settings := t.settings.Network.FlowLogs
	if !settings.On() {
		return
	}
	group := graph.Add(t.graph, observe.LogGroup{
		LogGroups: of(t, observe.LogGroupKind), Meta: t.meta("log-group"), Retention: settings.RetentionDays,
	})
	graph.Add(t.graph, network.FlowLog{
		FlowLogs: of(t, network.FlowLogKind), Meta: t.meta(flowLogKey), VPC: vpc, Group: group, GroupName: observe.LogGroupName(t.Name()),
		Role:     t.graph.Ref(flowLogRole),
		RoleARN:  access.FlowLogRoleARN(cloud.Partition(t.region), t.Record.Document().Account, t.Name()),
		Traffic:  types.TrafficType(strings.ToUpper(string(settings.Traffic))),
		Interval: int32(settings.Interval / time.Second),
	})
}
