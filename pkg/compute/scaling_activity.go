package compute

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// ScalingActivityAPI is what this file calls.
type ScalingActivityAPI interface {
	DescribeScalingActivities(
		context.Context, *autoscaling.DescribeScalingActivitiesInput, ...func(*autoscaling.Options),
	) (*autoscaling.DescribeScalingActivitiesOutput, error)
}

// latestTrouble is why the group's latest activity failed, in AWS's words, or empty. It explains a group and must not
// keep it from being seen: an error is the explanation then.
func latestTrouble(ctx context.Context, api ScalingActivityAPI, group string) string {
	out, err := api.DescribeScalingActivities(ctx, &autoscaling.DescribeScalingActivitiesInput{
		AutoScalingGroupName: aws.String(group), MaxRecords: aws.Int32(1), // the newest comes first
	})
	if err != nil {
		return err.Error()
	}
	if len(out.Activities) > 0 && out.Activities[0].StatusCode == types.ScalingActivityStatusCodeFailed {
		return aws.ToString(out.Activities[0].StatusMessage)
	}
	return ""
}
