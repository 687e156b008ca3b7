package bootstrap

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/cloud"
	"provision/pkg/policy"
)

func (b Bootstrap) providerARN() string {
	return "arn:" + b.Scope.Partition + ":iam::" + b.Scope.Account + ":oidc-provider/" + policy.GitHubHost
}

func (b Bootstrap) provider(ctx context.Context) (*iam.GetOpenIDConnectProviderOutput, error) {
	out, err := b.API.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{
		OpenIDConnectProviderArn: aws.String(b.providerARN()),
	})
	if cloud.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the identity provider %s: %w", policy.GitHubHost, err)
	}
	return out, nil
}

// planProvider takes whatever provider is there: an account can have one for each issuer only.
func (b Bootstrap) planProvider(ctx context.Context) ([]Step, error) {
	found, err := b.provider(ctx)
	if err != nil || found != nil {
		return nil, err
	}
	return []Step{{"create the identity provider " + policy.GitHubHost, func(ctx context.Context) error {
		_, err := b.API.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
			Url: aws.String("https://" + policy.GitHubHost), ClientIDList: []string{policy.GitHubAudience}, Tags: b.tags(),
		})
		return err
	}}}, nil
}

func (b Bootstrap) planProviderRemoval(ctx context.Context) ([]Step, error) {
	found, err := b.provider(ctx)
	if err != nil || found == nil || !b.owns(found.Tags) {
		return nil, err
	}
	used, err := b.usedByOthers(ctx)
	if err != nil || used {
		return nil, err
	}
	return []Step{{"remove the identity provider " + policy.GitHubHost, func(ctx context.Context) error {
		_, err := b.API.DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{
			OpenIDConnectProviderArn: aws.String(b.providerARN()),
		})
		return cloud.IgnoreNotFound(err)
	}}}, nil
}

// usedByOthers says whether any other role trusts the provider.
func (b Bootstrap) usedByOthers(ctx context.Context) (bool, error) {
	ours := map[string]bool{}
	for _, r := range b.roles() {
		ours[r.name] = true
	}
	pages := iam.NewListRolesPaginator(b.API, &iam.ListRolesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, fmt.Errorf("list the roles that use the identity provider %s: %w", policy.GitHubHost, err)
		}
		for _, r := range page.Roles {
			trust, err := url.QueryUnescape(aws.ToString(r.AssumeRolePolicyDocument))
			if err != nil {
				return false, err
			}
			if !ours[aws.ToString(r.RoleName)] && strings.Contains(trust, b.providerARN()) {
				return true, nil
			}
		}
	}
	return false, nil
}
