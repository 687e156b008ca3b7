package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// FlowLogRoleState is the role as observed. Its ID is its ARN.
type FlowLogRoleState struct {
	graph.Identity
	Trust    string // who may assume it, as JSON in its canonical form
	Boundary string // the ARN of the policy that bounds what any other can allow it
	Policy   string // what it may do, in the same form; empty: the policy is not there
}

// FlowLogRoles is the kind "flow-log-role". They are found by name, which is unique in an account.
type FlowLogRoles struct {
	API  roleAPI
	Name string
}

const (
	flowLogPolicy = "flow-logs" // the name of the policy in the role
	fieldBoundary = "permissionsBoundary"
	fieldInline   = "policy " + flowLogPolicy
)

// flowLogBoundary is AWS's policy of those that write to CloudWatch Logs, which allows that and to read. As long as it
// bounds the role, a policy that is put into the role can't allow more: so who is allowed to put one there, as the apply
// role is, can't make a mightier role of it.
const flowLogBoundary = "iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"

// FlowLogRoleName is the name of the role of a stack.
func FlowLogRoleName(stack string) string { return stack + flowLogEnd }

// FlowLogRoleARN is its ARN, which is known before it is there.
func FlowLogRoleARN(partition, account, stack string) string {
	return "arn:" + partition + ":iam::" + account + ":role/" + FlowLogRoleName(stack)
}

const onFlowLogRole = "iam::{account}:role/{name}" + flowLogEnd

// FlowLogRoleKind is what is known of the kind "flow-log-role".
var FlowLogRoleKind = kind.Register(kind.Registration{
	Title:    "Flow log role",
	Setting:  "network.flow_logs.traffic",
	Global:   true,
	TaggedAs: kind.NotByEC2,
	Writes: kind.Writes{
		Create: "iam:CreateRole", Later: []string{fieldInline},
		Update: []kind.Update{
			kind.Tagging("iam:TagRole", "iam:UntagRole"),
			{Field: fieldTrust, Set: []string{"iam:UpdateAssumeRolePolicy"}},
			{Field: fieldBoundary, Set: []string{"iam:PutRolePermissionsBoundary"}},
			{Field: fieldInline, Set: []string{"iam:PutRolePolicy"}},
		},
		Delete: []string{"iam:DeleteRolePolicy", "iam:DeleteRole"},
	},
	Actions: kind.Actions{
		On:      []string{onFlowLogRole},
		ReadOn:  roleReads,
		Further: roleRights("FlowLogRole", onFlowLogRole, flowLogBoundary),
		Admin:   retrusts,
	},
	Drift: kind.Drift{
		Repaired: []string{fieldTrust, fieldBoundary, fieldInline},
		Unread:   []string{"further policies, which the boundary bounds"},
	},
	Least: kind.Least{Follow: kind.OneCall, Reads: 1},
	Place: kind.Account,
}, func(c *cloud.Region, stack string) FlowLogRoles {
	return FlowLogRoles{API: c.IAM, Name: FlowLogRoleName(stack)}
})

// Kind implements [graph.Kind].
func (FlowLogRoles) Kind() string { return "flow-log-role" }

// Pace implements [graph.Kind].
func (FlowLogRoles) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (FlowLogRoles) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k FlowLogRoles) List(ctx context.Context, s *graph.Look) ([]FlowLogRoleState, error) {
	return graph.Once(ctx, s, "flow-log-roles", func(ctx context.Context) ([]FlowLogRoleState, error) {
		return each(ctx, s, []string{k.Name}, k.named)
	})
}

// named reads the role and, side by side, its policy.
func (k FlowLogRoles) named(ctx context.Context, name string) (o FlowLogRoleState, err error) {
	var policy string
	var calls errgroup.Group
	calls.Go(func() error {
		out, err := k.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		if err != nil {
			return err
		}
		o.Identity = identity(out.Role.Arn, out.Role.Tags)
		o.Boundary = boundaryOf(out.Role)
		o.Trust, err = decodePolicy(aws.ToString(out.Role.AssumeRolePolicyDocument))
		return err
	})
	calls.Go(func() (err error) {
		policy, err = embedded(ctx, k.API, name, flowLogPolicy)
		return err
	})
	err = calls.Wait()
	o.Policy = policy
	return o, err
}

// Phase implements [graph.Kind].
func (FlowLogRoles) Phase(FlowLogRoleState) (graph.Phase, string) { return graph.Ready, "" }

// Delete implements [graph.Kind]. No look reads what others attached to it.
func (k FlowLogRoles) Delete(ctx context.Context, o FlowLogRoleState) error {
	name := nameOf(o.ID)
	return deleteRole(ctx, k.API, name,
		func() ([]string, error) { return attachedTo(ctx, k.API, name) },
		func() ([]string, error) { return embeddedIn(ctx, k.API, name) })
}
