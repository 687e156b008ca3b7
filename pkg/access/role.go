package access

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// RoleAPI is what this file and role_wish.go call.
type RoleAPI interface {
	roleAPI
	iam.ListInstanceProfilesForRoleAPIClient
	AttachRolePolicy(
		context.Context, *iam.AttachRolePolicyInput, ...func(*iam.Options),
	) (*iam.AttachRolePolicyOutput, error)
}

// RoleState is a role as observed. Its ID is its ARN, since an instance profile may have the same name.
type RoleState struct {
	graph.Identity
	Trust    string   // who may assume the role, as JSON in its canonical form
	Policies []string // ARNs of the managed policies attached
	Inline   []string // names of the policies embedded, as far as a plan looks at them
}

// Roles is the kind "iam-role". They are found by name, which is unique in an account: IAM has no list by tag.
type Roles struct {
	API  RoleAPI
	Name string
}

// RoleKind is what is known of the kind "iam-role".
var RoleKind = kind.Register(kind.Registration{
	Title:    "IAM role",
	Global:   true,
	TaggedAs: kind.NotByEC2,
	After:    []string{"instance-profile"},
	Writes: kind.Writes{
		Create: "iam:CreateRole", Later: []string{"policy"},
		Update: []kind.Update{
			kind.Tagging("iam:TagRole", "iam:UntagRole"),
			{Field: "assumeRolePolicy", Set: []string{"iam:UpdateAssumeRolePolicy"}},
			{Field: "policy", Set: []string{"iam:AttachRolePolicy"}},
		},
		Delete: []string{"iam:DetachRolePolicy", "iam:DeleteRole"},
	},
	Actions: kind.Actions{
		On: []string{"iam::{account}:role/{name}"},
		ReadOn: []string{
			"iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies",
		},
		ChangeOn: roleChanges,
		// That it can be given one policy only keeps the apply role from making a mightier one.
		Further: []kind.Allowance{{
			Sid: "SessionManager", Actions: []string{"iam:AttachRolePolicy"}, On: []string{"iam::{account}:role/{name}"},
			Operator: "ArnEquals", Key: "iam:PolicyARN", Values: []string{"iam::aws:policy/AmazonSSMManagedInstanceCore"},
		}},
	},
	Drift: kind.Drift{
		Repaired: []string{fieldTrust, fieldPolicy},
		Reported: []string{reportedPolicy, reportedInline},
		Unread:   []string{"what the policies of others allow", "the permissions boundary", "the longest session"},
	},
	Least: kind.Least{Follow: kind.OneCall},
	Place: kind.Account,
}, func(c *cloud.Region, name string) Roles { return Roles{API: c.IAM, Name: name} })

// Kind implements [graph.Kind].
func (Roles) Kind() string { return "iam-role" }

// Pace implements [graph.Kind].
func (Roles) Pace() graph.Pace { return graph.Pace{} }

// RepeatsSafely implements [graph.Repeatable]: the name is unique.
func (Roles) RepeatsSafely() bool { return true }

// List implements [graph.Kind].
func (k Roles) List(ctx context.Context, s *graph.Look) ([]RoleState, error) {
	return graph.Once(ctx, s, "roles", func(ctx context.Context) ([]RoleState, error) {
		return each(ctx, s, k.Name, func(ctx context.Context, name string) (RoleState, error) {
			return k.named(ctx, name, s.Thorough)
		})
	})
}

// each reads one thing by its name, or those that the look is limited to. One that does not exist is left out.
func each[O any](
	ctx context.Context, s *graph.Look, name string, read func(context.Context, string) (O, error),
) ([]O, error) {
	names := []string{name}
	if s.Only != nil {
		names = namesOf(s.Only)
	}
	var found []O
	for _, name := range names {
		o, err := read(ctx, name)
		switch {
		case err == nil:
			found = append(found, o)
		case !cloud.IsNotFound(err):
			return nil, err
		}
	}
	return found, nil
}

// named reads the role and, in parallel, its policies; the embedded ones only for a plan.
func (k Roles) named(ctx context.Context, name string, thorough bool) (RoleState, error) {
	var o RoleState
	var policies, inline []string
	var calls errgroup.Group
	calls.Go(func() error {
		out, err := k.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		if err == nil {
			o, err = observeRole(*out.Role)
		}
		return err
	})
	calls.Go(func() (err error) {
		policies, err = attachedTo(ctx, k.API, name)
		return err
	})
	calls.Go(func() (err error) {
		if thorough {
			inline, err = k.inline(ctx, name)
		}
		return err
	})
	err := calls.Wait()
	o.Policies, o.Inline = slices.Sorted(slices.Values(policies)), slices.Sorted(slices.Values(inline))
	return o, err
}

// inline are the names of the policies that are embedded in the role.
func (k Roles) inline(ctx context.Context, role string) (names []string, err error) {
	in := &iam.ListRolePoliciesInput{RoleName: aws.String(role)}
	for pages := iam.NewListRolePoliciesPaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

// Phase implements [graph.Kind].
func (Roles) Phase(RoleState) (graph.Phase, string) { return graph.Ready, "" }

// Blockers implements [graph.Blocking]: instance profiles. The stack's own is gone before its role.
func (k Roles) Blockers(ctx context.Context, _ *graph.Look, o RoleState) ([]graph.Blocker, error) {
	in := &iam.ListInstanceProfilesForRoleInput{RoleName: aws.String(nameOf(o.ID))}
	var blockers []graph.Blocker
	for pages := iam.NewListInstanceProfilesForRolePaginator(k.API, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, cloud.IgnoreNotFound(err)
		}
		for _, profile := range page.InstanceProfiles {
			blockers = append(blockers, graph.Blocker{
				ID: aws.ToString(profile.InstanceProfileName), Kind: InstanceProfiles{}.Kind(),
			})
		}
	}
	return blockers, nil
}

// Delete implements [graph.Kind].
func (k Roles) Delete(ctx context.Context, o RoleState) error {
	return deleteRole(ctx, k.API, nameOf(o.ID), func() ([]string, error) { return o.Policies, nil })
}

func observeRole(role types.Role) (RoleState, error) {
	trust, err := decodePolicy(aws.ToString(role.AssumeRolePolicyDocument))
	return RoleState{Identity: identity(role.Arn, role.Tags), Trust: trust}, err
}
