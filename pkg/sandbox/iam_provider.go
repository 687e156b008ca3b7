package sandbox

import (
	"net/url"
	"strings"
	"time"
)

// identityProvider is an OpenID Connect provider, e.g. that of a CI system.
type identityProvider struct {
	ARN         string
	URL         string // without its scheme, as IAM answers it
	Clients     []string
	Thumbprints []string
	Created     time.Time
	Tags        iamTags
}

var identityProviders = newKind[identityProvider]("iam-oidc-provider", "")

const maxIdentityProviders = 100

func iamProviderOperations(reg *registry) {
	reg.add("iam", "CreateOpenIDConnectProvider", mutates, createOpenIDConnectProvider)
	reg.add("iam", "GetOpenIDConnectProvider", reads, getOpenIDConnectProvider)
	reg.add("iam", "ListOpenIDConnectProviders", reads, listOpenIDConnectProviders)
	reg.add("iam", "DeleteOpenIDConnectProvider", mutates, deleteOpenIDConnectProvider)
	tagOperations(reg, "OpenIDConnectProvider", func(c *call) (*iamTags, error) {
		found, err := providerOf(c)
		if err != nil {
			return nil, err
		}
		return &found.Tags, nil
	})
}

type providerCreated struct {
	ARN  string  `wire:"OpenIDConnectProviderArn"`
	Tags iamTags `wire:"Tags>member"`
}

type providerView struct {
	URL         string    `wire:"Url"`
	Clients     []string  `wire:"ClientIDList>member"`
	Thumbprints []string  `wire:"ThumbprintList>member"`
	Created     time.Time `wire:"CreateDate"`
	Tags        iamTags   `wire:"Tags>member"`
}

type providerEntry struct {
	ARN string `wire:"Arn"`
}

type providerList struct {
	Providers []providerEntry `wire:"OpenIDConnectProviderList>member"`
}

func createOpenIDConnectProvider(c *call) (any, error) {
	at, err := url.Parse(c.Params.Str("Url"))
	if err != nil || at.Scheme != "https" || at.Host == "" || at.RawQuery != "" {
		return nil, iamError("InvalidInput", 0, "The URL of an OpenID Connect provider must begin with https://")
	}
	made := &identityProvider{
		URL: at.Host + strings.TrimSuffix(at.Path, "/"), Created: c.global.now,
		Clients: c.Params.List("ClientIDList"), Thumbprints: c.Params.List("ThumbprintList"),
	}
	made.ARN = iamARN(c.account.id, "oidc-provider", "/", made.URL)
	if identityProviders.get(c.global, made.ARN) != nil {
		return nil, entityExists("Provider with url https://%s already exists.", made.URL)
	}
	if len(identityProviders.where(c.global, func(*identityProvider) bool { return true })) == maxIdentityProviders {
		return nil, limitExceeded("OpenIdConnectProvidersPerAccount", maxIdentityProviders)
	}
	if made.Tags, err = made.Tags.with(c.Params); err != nil {
		return nil, err
	}
	identityProviders.put(c.global, made.ARN, made)
	return providerCreated{ARN: made.ARN, Tags: made.Tags}, nil
}

func getOpenIDConnectProvider(c *call) (any, error) {
	p, err := providerOf(c)
	if err != nil {
		return nil, err
	}
	return providerView{URL: p.URL, Clients: p.Clients, Thumbprints: p.Thumbprints, Created: p.Created, Tags: p.Tags}, nil
}

func listOpenIDConnectProviders(c *call) (any, error) {
	var out providerList
	for p := range identityProviders.all(c.global) {
		out.Providers = append(out.Providers, providerEntry{ARN: p.ARN})
	}
	return out, nil
}

// A provider that does not exist is deleted without an error; see the API's reference.
func deleteOpenIDConnectProvider(c *call) (any, error) {
	identityProviders.drop(c.global, c.Params.Str("OpenIDConnectProviderArn"))
	return nil, nil
}

// providerOf is the provider that the request names.
func providerOf(c *call) (*identityProvider, error) {
	arn := c.Params.Str("OpenIDConnectProviderArn")
	if found := identityProviders.get(c.global, arn); found != nil {
		return found, nil
	}
	return nil, noEntity("OpenIDConnect Provider not found for arn %s", arn)
}
