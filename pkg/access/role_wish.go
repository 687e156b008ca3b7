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
// embedded by others, are theirs: they are reported. A boundary would make those void that allow more than it does, so that
// a role which has further policies and no boundary gets none.
type Role struct {
	Roles
	graph.Meta
	Partition string // of AWS, as in ARNs
}

const (
	sessionPolicy    = "session-manager" // the name of the policy in the role
	fieldTrust       = "assumeRolePolicy"
	fieldSession     = "sessionManagerPolicy"
	fieldFormer      = "managedPolicy"
	reportedPolicy   = "policy "
	reportedInline   = "inline policy "
	reportedBoundary = "boundary "
)

// Needs implements [graph.Resource].
func (Role) Needs() []graph.Need { return nil }

// Diff implements [graph.Resource].
func (r Role) Diff(o RoleState) []graph.Change {
	changes := r.Labels.Diff(o.Tags)
	if want := trustPolicy(r.Partition); o.Trust != want {
		changes = append(changes, graph.Change{Field: fieldTrust, From: o.Trust, To: want})
	}
	if o.Boundary == "" && len(r.others(o)) == 0 {
		changes = append(changes, graph.Change{Field: fieldBoundary, To: r.boundary()})
	}
	if want := SessionPolicy(); o.Session != want {
		changes = append(changes, graph.Change{Field: fieldSession, From: o.Session, To: want})
	}
	if former := r.former(); slices.Contains(o.Policies, former) {
		changes = append(changes, graph.Change{Field: fieldFormer, From: former})
	}
	return changes
}

func (r Role) boundary() string { return "arn:" + r.Partition + ":" + roleBoundary }
func (r Role) former() string   { return "arn:" + r.Partition + ":" + formerPolicy }

// Report implements [graph.Reporting]: policies that others gave the role, which every instance has the rights of.
func (r Role) Report(o RoleState) []graph.Change {
	changes := r.others(o)
	if o.Boundary != "" && o.Boundary != r.boundary() {
		changes = append(changes, graph.Change{Field: reportedBoundary + o.Boundary, From: "set"})
	}
	return changes
}

func (r Role) others(o RoleState) []graph.Change {
	var changes []graph.Change
	for _, arn := range o.Policies {
		if arn != r.former() {
			changes = append(changes, graph.Change{Field: reportedPolicy + arn, From: "attached"})
		}
	}
	for _, name := range o.Inline {
		if name != sessionPolicy {
			changes = append(changes, graph.Change{Field: reportedInline + name, From: "embedded"})
		}
	}
	return changes
}

// Create implements [graph.Resource].
func (r Role) Create(ctx context.Context, c graph.Claim) (RoleState, error) {
	out, err := r.API.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String(r.Name),
		AssumeRolePolicyDocument: aws.String(trustPolicy(r.Partition)),
		PermissionsBoundary:      aws.String(r.boundary()),
		Description:              aws.String("Lets Session Manager reach the stack's instances"),
		Tags:                     tagList(c.Tags),
	})
	if err != nil {
		return RoleState{}, err
	}
	return RoleState{
		Identity: graph.Identity{ID: aws.ToString(out.Role.Arn), Tags: c.Tags},
		Trust:    trustPolicy(r.Partition), Boundary: r.boundary(),
	}, nil
}

// Update implements [graph.Resource].
func (r Role) Update(ctx context.Context, o RoleState, changes []graph.Change) (RoleState, error) {
	var calls errgroup.Group
	name, now := nameOf(o.ID), o
	calls.Go(func() (err error) {
		now.Identity, err = retagRole(ctx, r.API, name, o.Identity, r.Labels, changes)
		return err
	})
	if graph.Has(changes, fieldTrust) {
		calls.Go(func() error {
			now.Trust = trustPolicy(r.Partition)
			_, err := r.API.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String(name), PolicyDocument: aws.String(now.Trust),
			})
			return err
		})
	}
	calls.Go(func() error { return r.allow(ctx, name, &now, changes) })
	if err := calls.Wait(); err != nil {
		return o, err
	}
	return now, nil
}

// allow changes what the role may do. The boundary comes first: the apply role may only put a policy into a role that has
// it. The former policy goes last, so that the role allows sessions at all times.
func (r Role) allow(ctx context.Context, name string, now *RoleState, changes []graph.Change) error {
	if graph.Has(changes, fieldBoundary) {
		if err := bound(ctx, r.API, name, r.boundary()); err != nil {
			return err
		}
		now.Boundary = r.boundary()
	}
	if graph.Has(changes, fieldSession) {
		if err := embed(ctx, r.API, name, sessionPolicy, SessionPolicy()); err != nil {
			return err
		}
		now.Session = SessionPolicy()
		now.Inline = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(now.Inline), sessionPolicy))))
	}
	if !graph.Has(changes, fieldFormer) {
		return nil
	}
	_, err := r.API.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{
		RoleName: aws.String(name), PolicyArn: aws.String(r.former()),
	})
	now.Policies = slices.DeleteFunc(slices.Clone(now.Policies), func(arn string) bool { return arn == r.former() })
	return err
}
