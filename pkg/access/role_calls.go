package access

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// roleAPI is what all kinds of roles call.
type roleAPI interface {
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListRolePoliciesAPIClient
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
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

// roleChanges are the actions of a role's creation, changes and deletion that need no condition.
var roleChanges = []string{
	"iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole",
	"iam:UpdateAssumeRolePolicy",
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
func deleteRole(ctx context.Context, api roleAPI, role string, attached func() ([]string, error)) error {
	var calls errgroup.Group
	calls.Go(func() error { return detachAll(ctx, api, role, attached) })
	calls.Go(func() error { return deleteInline(ctx, api, role) })
	if err := calls.Wait(); err != nil {
		return err
	}
	_, err := api.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(role)})
	return cloud.IgnoreNotFound(err)
}

func detachAll(ctx context.Context, api roleAPI, role string, attached func() ([]string, error)) error {
	arns, err := attached()
	if err != nil {
		return cloud.IgnoreNotFound(err)
	}
	var calls errgroup.Group
	for _, arn := range arns {
		calls.Go(func() error {
			_, err := api.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{
				RoleName: aws.String(role), PolicyArn: aws.String(arn),
			})
			return cloud.IgnoreNotFound(err)
		})
	}
	return calls.Wait()
}

func deleteInline(ctx context.Context, api roleAPI, role string) error {
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
