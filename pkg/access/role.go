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
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListInstanceProfilesForRoleAPIClient
	inlineAPI
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	CreateRole(context.Context, *iam.CreateRoleInput, ...func(*iam.Options)) (*iam.CreateRoleOutput, error)
	UpdateAssumeRolePolicy(
		context.Context, *iam.UpdateAssumeRolePolicyInput, ...func(*iam.Options),
	) (*iam.UpdateAssumeRolePolicyOutput, error)
	AttachRolePolicy(
		context.Context, *iam.AttachRolePolicyInput, ...func(*iam.Options),
	) (*iam.AttachRolePolicyOutput, error)
	DetachRolePolicy(
		context.Context, *iam.DetachRolePolicyInput, ...func(*iam.Options),
	) (*iam.DetachRolePolicyOutput, error)
	DeleteRole(context.Context, *iam.DeleteRoleInput, ...func(*iam.Options)) (*iam.DeleteRoleOutput, error)
	TagRole(context.Context, *iam.TagRoleInput, ...func(*iam.Options)) (*iam.TagRoleOutput, error)
	UntagRole(context.Context, *iam.UntagRoleInput, ...func(*iam.Options)) (*iam.UntagRoleOutput, error)
}

// RoleState is a role as observed. Its ID is its ARN, since an instance profile may have the same name.
type RoleState struct {
	graph.Identity
	Trust    string   // who may assume the role, as JSON in its canonical form
	Policies []string // ARNs of the managed policies attached
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
		ChangeOn: []string{
			"iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole",
			"iam:UpdateAssumeRolePolicy",
		},
		// That it can be given one policy only keeps the apply role from making a mightier one.
		Further: []kind.Allowance{{
			Sid: "SessionManager", Actions: []string{"iam:AttachRolePolicy"}, On: []string{"iam::{account}:role/{name}"},
			Operator: "ArnEquals", Key: "iam:PolicyARN", Values: []string{"iam::aws:policy/AmazonSSMManagedInstanceCore"},
		}},
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
		return each(ctx, s, k.Name, k.named)
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

// named reads the role and, in parallel, its policies and profiles.
func (k Roles) named(ctx context.Context, name string) (RoleState, error) {
	var o RoleState
	var policies []string
	var calls errgroup.Group
	calls.Go(func() error {
		out, err := k.API.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(name)})
		if err == nil {
			o, err = observeRole(*out.Role)
		}
		return err
	})
	calls.Go(func() error {
		in := &iam.ListAttachedRolePoliciesInput{RoleName: aws.String(name)}
		for pages := iam.NewListAttachedRolePoliciesPaginator(k.API, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			for _, policy := range page.AttachedPolicies {
				policies = append(policies, aws.ToString(policy.PolicyArn))
			}
		}
		return nil
	})
	err := calls.Wait()
	o.Policies = slices.Sorted(slices.Values(policies))
	return o, err
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

// Delete implements [graph.Kind]. IAM deletes a role only when nothing is attached to it or embedded in it;
// attachments, of any origin, are part of the role and are deleted with it.
func (k Roles) Delete(ctx context.Context, o RoleState) error {
	var calls errgroup.Group
	for _, arn := range o.Policies {
		calls.Go(func() error {
			_, err := k.API.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{
				RoleName: aws.String(nameOf(o.ID)), PolicyArn: aws.String(arn),
			})
			return cloud.IgnoreNotFound(err)
		})
	}
	calls.Go(func() error { return deleteInline(ctx, k.API, nameOf(o.ID)) })
	if err := calls.Wait(); err != nil {
		return err
	}
	_, err := k.API.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(nameOf(o.ID))})
	return cloud.IgnoreNotFound(err)
}

// inlineAPI is what deletes the policies that are embedded in a role.
type inlineAPI interface {
	iam.ListRolePoliciesAPIClient
	DeleteRolePolicy(
		context.Context, *iam.DeleteRolePolicyInput, ...func(*iam.Options),
	) (*iam.DeleteRolePolicyOutput, error)
}

func deleteInline(ctx context.Context, api inlineAPI, role string) error {
	in := &iam.ListRolePoliciesInput{RoleName: aws.String(role)}
	for pages := iam.NewListRolePoliciesPaginator(api, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return cloud.IgnoreNotFound(err)
		}
		for _, name := range page.PolicyNames {
			_, err := api.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{
				RoleName: aws.String(role), PolicyName: aws.String(name),
			})
			if cloud.IgnoreNotFound(err) != nil {
				return err
			}
		}
	}
	return nil
}

func observeRole(role types.Role) (RoleState, error) {
	trust, err := decodePolicy(aws.ToString(role.AssumeRolePolicyDocument))
	return RoleState{Identity: identity(role.Arn, role.Tags), Trust: trust}, err
}
