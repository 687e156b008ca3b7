package cloud

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// renewBefore is how long before their end the credentials of a role are replaced: longer than any call takes.
const renewBefore = 5 * time.Minute

// Share gives a cloud with the same credentials and connections, whose calls are observed and named as the options say.
// Its budget is its own: it is for another account.
func (c *Cloud) Share(o Options) *Cloud {
	base := c.base.Copy()
	base.APIOptions = apiOptions(o)
	return &Cloud{base: base, origin: c.origin}
}

// Assume is [Cloud.Share] with a role assumed on top of the credentials.
func (c *Cloud) Assume(role string, o Options) *Cloud {
	return c.Share(o).assume("role_arn ", role, o)
}

// assume makes no call: credentials are fetched for the first call that needs them. what names the setting that asks
// for the role.
func (c *Cloud) assume(what, role string, o Options) *Cloud {
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c.in(c.DefaultRegion())), role,
		func(a *stscreds.AssumeRoleOptions) { a.RoleSessionName = "provision-" + o.RunID })
	base, from := c.base.Copy(), c.origin
	base.Credentials = aws.NewCredentialsCache(provider, func(cache *aws.CredentialsCacheOptions) {
		cache.ExpiryWindow = renewBefore
	})
	from.role = what + role
	if c.origin.role != "" {
		from.role += ", assumed from " + c.origin.role
	}
	return &Cloud{base: base, origin: from}
}
