package access

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"golang.org/x/sync/errgroup"

	"provision/pkg/graph"
)

// Role is the wish for one: EC2 may assume it, and Session Manager may reach who has it. Further policies, attached or
// embedded by others, are theirs: they are reported.
type Role struct {
	Roles
	graph.Meta
	Partition string // of AWS, as in ARNs
}

const (
	fieldTrust     = "assumeRolePolicy"
	fieldPolicy    = "policy"
	reportedInline = "inline policy "

	reportedPolicy = "policy "
)

// Needs implements [graph.Resource].
func (Role) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource].
func (r Role) Diff(o RoleState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	if want := trustPolicy(r.Partition); o.Trust != want {
		changes = append(changes, graph.Change{Field: fieldTrust, From: o.Trust, To: want})
	}
	if want := SessionManagerPolicy(r.Partition); !slices.Contains(o.Policies, want) {
		changes = append(changes, graph.Change{Field: fieldPolicy, To: want})
	}
	return changes
}

// Report implements [graph.Reporting]: policies that others gave the role, which every instance has the rights of.
func (r Role) Report(o RoleState) []graph.Change {
	var changes []graph.Change
	for _, arn := range o.Policies {
		if arn != SessionManagerPolicy(r.Partition) {
			changes = append(changes, graph.Change{Field: reportedPolicy + arn, From: "attached"})
		}
	}
	for _, name := range o.Inline {
		changes = append(changes, graph.Change{Field: reportedInline + name, From: "embedded"})
	}
	return changes
}

// Create implements [graph.Resource].
func (r Role) Create(ctx context.Context, c graph.Claim) (RoleState, error) {
	out, err := r.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String(r.Name),
		AssumeRolePolicyDocument: aws.String(trustPolicy(r.Partition)),
		Description:              aws.String("Lets Session Manager reach the stack's instances"),
		Tags:                     tagList(c.Tags),
	})
	if err != nil {
		return RoleState{}, err
	}
	return RoleState{
		Identity: graph.Identity{ID: aws.ToString(out.Role.Arn), Tags: c.Tags},
		Trust:    trustPolicy(r.Partition),
	}, nil
}

// Update implements [graph.Resource].
func (r Role) Update(ctx context.Context, o RoleState, changes []graph.Change) (RoleState, error) {
	var calls errgroup.Group
	now := o
	calls.Go(func() (err error) {
		now.Identity, err = retagRole(ctx, r.API, r.Name, o.Identity, r.Labels, changes)
		return err
	})
	if graph.Has(changes, fieldTrust) {
		calls.Go(func() error {
			now.Trust = trustPolicy(r.Partition)
			_, err := r.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String(r.Name), PolicyDocument: aws.String(now.Trust),
			})
			return err
		})
	}
	if graph.Has(changes, fieldPolicy) {
		calls.Go(func() error {
			want := SessionManagerPolicy(r.Partition)
			now.Policies = append(slices.Clone(o.Policies), want)
			_, err := r.API.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
				RoleName: aws.String(r.Name), PolicyArn: aws.String(want),
			})
			return err
		})
	}
	if err := calls.Wait(); err != nil {
		return o, err
	}
	return now, nil
}
