package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// roleAPI is what all kinds of roles call.
type roleAPI interface {
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListRolePoliciesAPIClient
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	PutRolePolicy(context.Context, *iam.PutRolePolicyInput, ...func(*iam.Options)) (*iam.PutRolePolicyOutput, error)
	PutRolePermissionsBoundary(
		context.Context, *iam.PutRolePermissionsBoundaryInput, ...func(*iam.Options),
	) (*iam.PutRolePermissionsBoundaryOutput, error)
	CreateRole(context.Context, *iam.CreateRoleInput, ...func(*iam.Options)) (*iam.CreateRoleOutput, error)
	UpdateAssumeRolePolicy(
		context.Context, *iam.UpdateAssumeRolePolicyInput, ...func(*iam.Options),
	) (*iam.UpdateAssumeRolePolicyOutput, error)
	DetachRolePolicy(
		context.Context, *iam.DetachRolePolicyInput, ...func(*iam.Options),
	) (*iam.DetachRolePolicyOutput, error)
	DeleteRolePolicy(
		context.Context, *iam.DeleteRolePolicyInput, ...func(*iam.Options),
	) (*iam.DeleteRolePolicyOutput, error)
	DeleteRole(context.Context, *iam.DeleteRoleInput, ...func(*iam.Options)) (*iam.DeleteRoleOutput, error)
	TagRole(context.Context, *iam.TagRoleInput, ...func(*iam.Options)) (*iam.TagRoleOutput, error)
	UntagRole(context.Context, *iam.UntagRoleInput, ...func(*iam.Options)) (*iam.UntagRoleOutput, error)
}

// retrusts is what no pipeline may call: it says who may assume a role.
var retrusts = []string{"iam:UpdateAssumeRolePolicy"}

// roleReads are the actions that read a role.
var roleReads = []string{"iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"}

// roleRights are the actions on a role that a boundary bounds: it is created with that, and policies are put into it only
// while it has that. A role of this name that belongs to another stack or to a pipeline is out of reach. Conditions on tags
// hold where there are none, since a role that is created has none yet, and AWS asks for TagRole then, too.
func roleRights(sid, on, boundary string) []kind.Allowance {
	notOthers := []kind.Limit{
		{Operator: "StringEqualsIfExists", Key: "aws:ResourceTag/" + graph.TagStack, Values: []string{"{stack}"}},
		{Operator: "Null", Key: "aws:ResourceTag/" + graph.TagBootstrap, Values: []string{"true"}},
	}
	bounded := kind.Limit{Operator: "ArnEquals", Key: "iam:PermissionsBoundary", Values: []string{boundary}}
	return []kind.Allowance{
		{
			Sid: sid, On: []string{on}, Limits: append([]kind.Limit{bounded}, notOthers...),
			Actions: []string{"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"},
		},
		{
			Sid: "ChangeRole", On: []string{on}, Limits: notOthers,
			Actions: []string{"iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole"},
		},
	}
}

// attachedTo lists the ARNs of the managed policies attached to a role.
func attachedTo(ctx context.Context, api iam.ListAttachedRolePoliciesAPIClient, role string) ([]string, error) {
	var arns []string
	in := &iam.ListAttachedRolePoliciesInput{RoleName: aws.String(role)}
	for pages := iam.NewListAttachedRolePoliciesPaginator(api, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, policy := range page.AttachedPolicies {
			arns = append(arns, aws.ToString(policy.PolicyArn))
		}
	}
	return arns, nil
}

func retagRole(
	ctx context.Context, api roleAPI, role string, i graph.Identity, want graph.Tags, changes []graph.Change,
) (graph.Identity, error) {
	return retag(i, want, changes, func(tags []types.Tag) error {
		_, err := api.TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String(role), Tags: tags})
		return err
	}, func(keys []string) error {
		_, err := api.UntagRole(ctx, &iam.UntagRoleInput{RoleName: aws.String(role), TagKeys: keys})
		return err
	})
}

// deleteRole deletes a role. IAM does so only when nothing is attached to it or embedded in it; both, of any origin, are
// part of the role and are deleted with it.
func deleteRole(ctx context.Context, api roleAPI, role string, attached, inline func() ([]string, error)) error {
	name := aws.String(role)
	var calls errgroup.Group
	calls.Go(func() error {
		return all(attached, func(arn string) error {
			_, err := api.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: aws.String(arn)})
			return err
		})
	})
	calls.Go(func() error {
		return all(inline, func(policy string) error {
			_, err := api.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String(policy)})
			return err
		})
	})
	if err := calls.Wait(); err != nil {
		return err
	}
	_, err := api.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	return cloud.IgnoreNotFound(err)
}

// all calls do for each of the names, side by side. Something that is gone by then is no error.
func all(names func() ([]string, error), do func(string) error) error {
	found, err := names()
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	var calls errgroup.Group
	for _, name := range found {
		calls.Go(func() error { return cloud.IgnoreNotFound(do(name)) })
	}
	return calls.Wait()
}

// embeddedIn are the names of the policies that are embedded in a role.
func embeddedIn(ctx context.Context, api iam.ListRolePoliciesAPIClient, role string) (names []string, err error) {
	in := &iam.ListRolePoliciesInput{RoleName: aws.String(role)}
	for pages := iam.NewListRolePoliciesPaginator(api, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

// embedded is a policy in a role, in its canonical form; empty if the role has no policy of that name.
func embedded(ctx context.Context, api roleAPI, role, name string) (string, error) {
	out, err := api.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(role), PolicyName: aws.String(name)})
	if err != nil {
		return "", cloud.IgnoreNotFound(err)
	}
	return decodePolicy(aws.ToString(out.PolicyDocument))
}

func embed(ctx context.Context, api roleAPI, role, name, document string) error {
	_, err := api.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(role), PolicyName: aws.String(name), PolicyDocument: aws.String(document),
	})
	return err
}

func bound(ctx context.Context, api roleAPI, role, boundary string) error {
	_, err := api.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{
		RoleName: aws.String(role), PermissionsBoundary: aws.String(boundary),
	})
	return err
}

func boundaryOf(role *types.Role) string {
	if role.PermissionsBoundary == nil {
		return ""
	}
	return aws.ToString(role.PermissionsBoundary.PermissionsBoundaryArn)
}
