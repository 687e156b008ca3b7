package cloud

import (
	"context"
	"fmt"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Time is AWS's clock when it answered, to the second.
func (c *Cloud) Time(ctx context.Context, region string) (time.Time, error) {
	out, err := c.STS(region).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: read AWS's time: %w", region, err)
	}
	at, ok := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !ok {
		return time.Time{}, fmt.Errorf("%s: the answer has no date", region)
	}
	return at, nil
}
