package access

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// FlowLogRole is the wish for one: the service of flow logs may assume it for those of the account, and then write to
// the stack's log groups. One role serves all regions.
type FlowLogRole struct {
	FlowLogRoles
	graph.Meta
	Partition string // of AWS, as in ARNs
	Account   string
	LogGroup  string // the name of the stack's log group in each region
}

// Needs implements [graph.Resource].
func (FlowLogRole) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource].
func (r FlowLogRole) Diff(o FlowLogRoleState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	for _, c := range []graph.Change{
		{Field: fieldTrust, From: o.Trust, To: r.trust()},
		{Field: fieldBoundary, From: o.Boundary, To: r.boundary()},
		{Field: fieldInline, From: o.Policy, To: r.policy()},
	} {
		if c.From != c.To {
			changes = append(changes, c)
		}
	}
	return changes
}

// Create implements [graph.Resource].
func (r FlowLogRole) Create(ctx context.Context, c graph.Claim) (FlowLogRoleState, error) {
	out, err := r.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String(r.Name),
		AssumeRolePolicyDocument: aws.String(r.trust()),
		PermissionsBoundary:      aws.String(r.boundary()),
		Description:              aws.String("Lets VPC flow logs write to the stack's log groups"),
		Tags:                     tagList(c.Tags),
	})
	if err != nil {
		return FlowLogRoleState{}, err
	}
	return FlowLogRoleState{
		Identity: graph.Identity{ID: aws.ToString(out.Role.Arn), Tags: c.Tags},
		Trust:    r.trust(), Boundary: r.boundary(),
	}, nil
}

// Update implements [graph.Resource]. The boundary comes before the policy, which the apply role may only put into a role
// that has it.
func (r FlowLogRole) Update(ctx context.Context, o FlowLogRoleState, changes []graph.Change) (FlowLogRoleState, error) {
	role, now := aws.String(r.Name), o
	var calls errgroup.Group
	calls.Go(func() (err error) {
		now.Identity, err = retagRole(ctx, r.API, r.Name, o.Identity, r.Labels, changes)
		return err
	})
	if graph.Has(changes, fieldTrust) {
		calls.Go(func() error {
			now.Trust = r.trust()
			_, err := r.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: role, PolicyDocument: aws.String(r.trust()),
			})
			return err
		})
	}
	calls.Go(func() error {
		if graph.Has(changes, fieldBoundary) {
			now.Boundary = r.boundary()
			if err := bound(ctx, r.API, r.Name, r.boundary()); err != nil {
				return err
			}
		}
		if !graph.Has(changes, fieldInline) {
			return nil
		}
		now.Policy = r.policy()
		return embed(ctx, r.API, r.Name, flowLogPolicy, r.policy())
	})
	if err := calls.Wait(); err != nil {
		return o, err
	}
	return now, nil
}

func (r FlowLogRole) boundary() string { return "arn:" + r.Partition + ":" + flowLogBoundary }

// trust lets the service assume the role for flow logs of this account only, see "IAM role for publishing flow logs to
// CloudWatch Logs" in the Amazon VPC user guide.
func (r FlowLogRole) trust() string {
	return canonical(fmt.Sprintf(`{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole",
			"Condition": {
				"StringEquals": {"aws:SourceAccount": %q},
				"ArnLike": {"aws:SourceArn": "arn:%s:ec2:*:%s:vpc-flow-log/*"}
			}
		}]
	}`, r.Account, r.Partition, r.Account))
}

// policy is what that page lists, on the stack's log groups only. It lacks logs:CreateLogGroup: records that come late
// would bring back a log group that was deleted, and keep it for ever.
func (r FlowLogRole) policy() string {
	group := "arn:" + r.Partition + ":logs:*:" + r.Account + ":log-group:" + r.LogGroup
	return canonical(fmt.Sprintf(`{
		"Version": "2012-10-17",
		"Statement": [
			{"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
			{
				"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
				"Resource": [%q, %q]
			}
		]
	}`, group, group+":*"))
}
