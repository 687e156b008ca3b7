package sandbox

import (
	"path"
	"slices"
	"strings"
	"time"
)

type flowLog struct {
	ID          string    `wire:"flowLogId"`
	Created     time.Time `wire:"creationTime"`
	RoleARN     string    `wire:"deliverLogsPermissionArn"`
	Status      string    `wire:"flowLogStatus"`
	GroupName   string    `wire:"logGroupName"`
	Destination string    `wire:"logDestinationType"`
	Format      string    `wire:"logFormat"`
	Interval    int       `wire:"maxAggregationInterval"`
	ResourceID  string    `wire:"resourceId"`
	Traffic     string    `wire:"trafficType"`
	tagSet
}

// flowLogView is a flow log with what became of its records.
type flowLogView struct {
	*flowLog
	Delivery string `wire:"deliverLogsStatus"`
	Trouble  string `wire:"deliverLogsErrorMessage"`
}

const (
	toLogGroups   = "cloud-watch-logs"
	flowLogFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} " +
		"${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)

var flowLogs = newKind[flowLog]("vpc-flow-log", "fl")

var flowLogListing = listing[flowLog]{
	of: flowLogs, ids: "FlowLogId", unknown: noFlowLog,
	fields: fields[flowLog]{
		"flow-log-id":          one(func(f *flowLog) string { return f.ID }),
		"resource-id":          one(func(f *flowLog) string { return f.ResourceID }),
		"traffic-type":         one(func(f *flowLog) string { return f.Traffic }),
		"log-group-name":       one(func(f *flowLog) string { return f.GroupName }),
		"log-destination-type": one(func(f *flowLog) string { return f.Destination }),
	},
}

func flowLogArea(reg *registry) {
	reg.ec2("CreateFlowLogs", mutates|tokened, createFlowLogs)
	reg.ec2("DescribeFlowLogs", reads, describeFlowLogs)
	reg.ec2("DeleteFlowLogs", mutates, deleteFlowLogs)
}

func noFlowLog(id string) *Error {
	return fail("InvalidFlowLogId.NotFound", "These flow log ids in the input list are not found: [TotalCount: 1] %s", id)
}

// createFlowLogs makes flow logs of VPCs to log groups. A log group that is not there is no error: records are not
// delivered until it is (LocalStack's source, moto/ec2/models/flow_logs.py, found the same).
func createFlowLogs(c *call) (any, error) {
	made, err := c.newFlowLog()
	if err != nil {
		return nil, err
	}
	out := struct {
		Token        string         `wire:"clientToken"`
		IDs          []string       `wire:"flowLogIdSet>item"`
		Unsuccessful []unsuccessful `wire:"unsuccessful>item"`
	}{Token: c.Str("ClientToken")}
	for _, id := range c.List("ResourceId") {
		f := made
		f.ResourceID, f.Tags = id, slices.Clone(made.Tags)
		if bad := c.region.flowLogRefused(&f); bad != nil {
			out.Unsuccessful = append(out.Unsuccessful, notDone(id, bad))
			continue
		}
		f.ID = c.region.newID("fl")
		flowLogs.put(c.region, f.ID, &f)
		out.IDs = append(out.IDs, f.ID)
	}
	return out, nil
}

func (c *call) newFlowLog() (flowLog, error) {
	tags, err := c.newTags(flowLogs.name)
	if err != nil {
		return flowLog{}, err
	}
	f := flowLog{
		Created: c.region.now, RoleARN: c.Str("DeliverLogsPermissionArn"), Status: "ACTIVE", GroupName: c.Str("LogGroupName"),
		Destination: toLogGroups, Format: flowLogFormat, Traffic: c.Str("TrafficType"), tagSet: tags,
	}
	if f.Interval, err = c.Num("MaxAggregationInterval", 600); err != nil {
		return f, err
	}
	if _, name, ok := strings.Cut(c.Str("LogDestination"), ":log-group:"); ok {
		f.GroupName = strings.TrimSuffix(name, ":*")
	}
	switch kind := c.Str("LogDestinationType"); {
	case len(c.List("ResourceId")) == 0:
		return f, missing("ResourceId")
	case c.Str("ResourceType") != "VPC":
		return f, badValue("resourceType", c.Str("ResourceType"))
	case kind != "" && kind != toLogGroups:
		return f, badValue("logDestinationType", kind)
	case !slices.Contains([]string{"ACCEPT", "REJECT", "ALL"}, f.Traffic):
		return f, badValue("trafficType", f.Traffic)
	case f.Interval != 60 && f.Interval != 600:
		return f, fail("InvalidParameter", "Invalid Flow Log Max Aggregation Interval")
	case f.GroupName == "":
		return f, missing("LogDestination")
	case f.RoleARN == "":
		return f, fail("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
	case !c.assumable(f.RoleARN):
		return f, fail("InvalidParameter", "Unable to assume given IAM role: '%s'", f.RoleARN)
	}
	return f, nil
}

// assumable says whether the service of flow logs can assume a role: one that is new it does not know at once. See
// hashicorp/terraform-provider-aws#29323.
func (c *call) assumable(arn string) bool {
	found := roles.get(c.global, path.Base(arn))
	return found != nil && found.ARN == arn && strings.Contains(found.Trust, "vpc-flow-logs.amazonaws.com") &&
		c.global.heard(found.Name)
}

// flowLogRefused is why one can't be made: a second one with the same configuration and destination would record the same
// twice. Whether the interval is part of that AWS does not say; here, as the stricter rule, it is not.
func (r *region) flowLogRefused(f *flowLog) *Error {
	if vpcs.get(r, f.ResourceID) == nil {
		return fail("InvalidVpcId.NotFound", "The vpc ID '%s' does not exist", f.ResourceID)
	}
	if flowLogs.any(r, func(other *flowLog) bool {
		return other.ResourceID == f.ResourceID && other.Traffic == f.Traffic && other.GroupName == f.GroupName
	}) {
		return fail("FlowLogAlreadyExists",
			"Error. There is an existing Flow Log with the same configuration and log destination.")
	}
	return nil
}

func describeFlowLogs(c *call) (any, error) {
	found, next, err := flowLogListing.describe(c)
	if err != nil {
		return nil, err
	}
	out := struct {
		FlowLogs []flowLogView `wire:"flowLogSet>item"`
		page
	}{page: next}
	for _, f := range found {
		view := flowLogView{f, "SUCCESS", ""}
		delivers, err := c.delivers(f)
		if err != nil {
			return nil, err
		}
		if !delivers {
			view.Delivery, view.Trouble = "FAILED", "Access error"
		}
		out.FlowLogs = append(out.FlowLogs, view)
	}
	return out, nil
}

// delivers says whether records reach the log group: it must be there, and the role's policies must allow to write.
func (c *call) delivers(f *flowLog) (bool, error) {
	group := logGroups.get(c.region, logGroupID(f.GroupName))
	if group == nil {
		return false, nil
	}
	writer := roles.get(c.global, path.Base(f.RoleARN))
	for _, action := range []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"} {
		allowed, err := writer.allows(demand{action: action, resource: group.ARN + ":log-stream:eni"})
		if err != nil || !allowed {
			return false, err
		}
	}
	return true, nil
}

func deleteFlowLogs(c *call) (any, error) {
	ids := c.List("FlowLogId")
	if len(ids) == 0 {
		return nil, missing("FlowLogId")
	}
	var out struct {
		Unsuccessful []unsuccessful `wire:"unsuccessful>item"`
	}
	for _, id := range ids {
		if flowLogs.get(c.region, id) == nil {
			out.Unsuccessful = append(out.Unsuccessful, notDone(id, noFlowLog(id)))
			continue
		}
		flowLogs.drop(c.region, id)
	}
	return out, nil
}
