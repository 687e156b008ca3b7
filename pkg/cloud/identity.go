package cloud

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Identity is who AWS takes us for.
type Identity struct {
	Account string // 12 digits
	ARN     string
	Source  string // where the credentials came from, as the SDK names it
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
		return Identity{}, fmt.Errorf("%s: ask AWS who we are: %w", region, err)
	}
	i := Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn)}
	if creds, err := c.base.Credentials.Retrieve(ctx); err == nil {
		i.Source = creds.Source
	}
	return i, nil
}
