package inventory

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func globalKinds(c clients) []kind {
	return []kind{
		{"iam-role", func(ctx context.Context) ([]item, error) { return roles(ctx, c.iam, false) }},
		{"flow-log-role", func(ctx context.Context) ([]item, error) { return roles(ctx, c.iam, true) }},
		{"instance-profile", func(ctx context.Context) ([]item, error) { return instanceProfiles(ctx, c.iam) }},
		{"policy", func(ctx context.Context) ([]item, error) {
			input := &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}
			return collect(ctx, iam.NewListPoliciesPaginator(c.iam, input),
				func(o *iam.ListPoliciesOutput) []types.Policy { return o.Policies },
				func(p types.Policy) *string { return p.Arn })
		}},
	}
}

// roles are those that the service of flow logs can assume, or all others. It adds tags and policies: the list has neither.
func roles(ctx context.Context, api *iam.Client, ofFlowLogs bool) ([]item, error) {
	found, err := collect(ctx, iam.NewListRolesPaginator(api, &iam.ListRolesInput{}),
		func(o *iam.ListRolesOutput) []types.Role {
			return without(o.Roles, func(r types.Role) bool {
				return strings.Contains(aws.ToString(r.AssumeRolePolicyDocument), "vpc-flow-logs.") != ofFlowLogs
			})
		},
		func(r types.Role) *string { return r.RoleName })
	if err != nil {
		return nil, err
	}
	for i := range found {
		name := aws.String(found[i].id)
		role, err := api.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
		if err != nil {
			return nil, err
		}
		attached, err := api.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name})
		if err != nil {
			return nil, err
		}
		inline, err := api.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: name})
		if err != nil {
			return nil, err
		}
		found[i].value = map[string]any{
			"Role": role.Role, "Attached": attached.AttachedPolicies, "Inline": inline.PolicyNames,
		}
	}
	return found, nil
}

// instanceProfiles asks for each one: the list lacks tags.
func instanceProfiles(ctx context.Context, api *iam.Client) ([]item, error) {
	found, err := collect(ctx, iam.NewListInstanceProfilesPaginator(api, &iam.ListInstanceProfilesInput{}),
		func(o *iam.ListInstanceProfilesOutput) []types.InstanceProfile { return o.InstanceProfiles },
		func(p types.InstanceProfile) *string { return p.InstanceProfileName })
	if err != nil {
		return nil, err
	}
	for i := range found {
		out, err := api.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(found[i].id)})
		if err != nil {
			return nil, err
		}
		found[i].value = out.InstanceProfile
	}
	return found, nil
}
