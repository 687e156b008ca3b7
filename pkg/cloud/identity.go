package cloud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Identity is who AWS takes us for.
type Identity struct {
	Account string // 12 digits
	ARN     string
	Source  string // which profile, variable or role the credentials came from

	Expires time.Time // when the credentials end; zero: never, or they do not say
	Renewed bool      // the SDK renews them before that
}

// Role is the IAM role's ARN behind the session, or the ARN itself.
func (i Identity) Role() string {
	// arn:aws:sts::123456789012:assumed-role/NAME/SESSION
	before, rest, ok := strings.Cut(i.ARN, ":assumed-role/")
	if !ok {
		return i.ARN
	}
	name, _, _ := strings.Cut(rest, "/")
	return strings.Replace(before, ":sts:", ":iam:", 1) + ":role/" + name
}

// Identity asks STS, in the given region. It is the first call of every command.
func (c *Cloud) Identity(ctx context.Context, region string) (Identity, error) {
	out, err := c.STS(region).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Identity{}, fmt.Errorf("%s: read the identity of the credentials: %w", region, err)
	}
	i := Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn)}
	if creds, err := c.base.Credentials.Retrieve(ctx); err == nil {
		i.Source, i.Renewed = c.origin.describe(creds.Source), c.origin.renewed(creds.Source)
		if creds.CanExpire {
			i.Expires = creds.Expires
		}
	}
	return i, nil
}

// EndsBefore reports whether the user has to log in again before the given time.
func (i Identity) EndsBefore(t time.Time) bool {
	return !i.Renewed && !i.Expires.IsZero() && i.Expires.Before(t)
}
