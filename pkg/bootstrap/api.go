package bootstrap

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// API is what is called. *iam.Client implements it.
type API interface {
	iam.ListRolesAPIClient
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	CreateRole(context.Context, *iam.CreateRoleInput, ...func(*iam.Options)) (*iam.CreateRoleOutput, error)
	DeleteRole(context.Context, *iam.DeleteRoleInput, ...func(*iam.Options)) (*iam.DeleteRoleOutput, error)
	UpdateAssumeRolePolicy(
		context.Context, *iam.UpdateAssumeRolePolicyInput, ...func(*iam.Options),
	) (*iam.UpdateAssumeRolePolicyOutput, error)
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	PutRolePolicy(context.Context, *iam.PutRolePolicyInput, ...func(*iam.Options)) (*iam.PutRolePolicyOutput, error)
	DeleteRolePolicy(context.Context, *iam.DeleteRolePolicyInput, ...func(*iam.Options)) (*iam.DeleteRolePolicyOutput, error)
	GetOpenIDConnectProvider(
		context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options),
	) (*iam.GetOpenIDConnectProviderOutput, error)
	CreateOpenIDConnectProvider(
		context.Context, *iam.CreateOpenIDConnectProviderInput, ...func(*iam.Options),
	) (*iam.CreateOpenIDConnectProviderOutput, error)
	DeleteOpenIDConnectProvider(
		context.Context, *iam.DeleteOpenIDConnectProviderInput, ...func(*iam.Options),
	) (*iam.DeleteOpenIDConnectProviderOutput, error)
}
