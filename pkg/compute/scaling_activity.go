package compute

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

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

// Trouble is why a group's launches fail.
type Trouble struct {
	Why  string // in AWS's words; empty: none failed
	Next string // what a person has to do; empty where it can pass without that
}

// launchAttempt is one launch of a group, as AWS keeps it.
type launchAttempt struct {
	Status types.ScalingActivityStatusCode
	Why    string
	Zone   string
}

// failed says whether the launch came to nothing. An instance that starts and then dies, as it does without its KMS key or
// above a limit of volumes, ends its launch as Cancelled and not as Failed ("Verify a scaling activity for an Auto Scaling
// group").
func (l launchAttempt) failed() bool {
	return l.Status == types.ScalingActivityStatusCodeFailed || l.Status == types.ScalingActivityStatusCodeCancelled
}

// latestTrouble is why the launches of a group in these zones fail. It explains a group and must not keep it from being seen:
// an error is the explanation then.
func latestTrouble(ctx context.Context, api ScalingActivityAPI, group string, zones []string, since time.Time) Trouble {
	launches, err := launchesSince(ctx, api, group, since)
	if err != nil {
		return Trouble{Why: err.Error()}
	}
	return troubleOf(launches, zones)
}

// launchesSince reads the launches that started since then, the newest first; without a time, the newest page of them.
func launchesSince(
	ctx context.Context, api ScalingActivityAPI, group string, since time.Time,
) (found []launchAttempt, err error) {
	in := &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String(group)}
	for {
		page, err := api.DescribeScalingActivities(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Activities { // the newest comes first
			if aws.ToTime(a.StartTime).Before(since) {
				return found, nil
			}
			if strings.HasPrefix(aws.ToString(a.Description), "Launching") {
				found = append(found, observeLaunch(a))
			}
		}
		if aws.ToString(page.NextToken) == "" || since.IsZero() {
			return found, nil
		}
		in.NextToken = page.NextToken
	}
}

func observeLaunch(a types.Activity) launchAttempt {
	var details struct {
		Zone string `json:"Availability Zone"`
	}
	_ = json.Unmarshal([]byte(aws.ToString(a.Details)), &details) // the zone is then unknown
	return launchAttempt{Status: a.StatusCode, Why: aws.ToString(a.StatusMessage), Zone: details.Zone}
}

// troubleOf judges launches, the newest first. A failure before the last success has passed. A launch in progress shows
// that AWS accepts launches by now, but not that its instance will live.
func troubleOf(launches []launchAttempt, zones []string) Trouble {
	var trouble Trouble
	accepted, refusing := false, map[string]bool{}
	for _, l := range launches {
		if l.Status == types.ScalingActivityStatusCodeSuccessful {
			break
		}
		if !l.failed() {
			accepted = true
			continue
		}
		cause := causeOf(l.Why)
		if trouble.Why == "" {
			trouble.Why = l.Why
			if cause.wait != "" {
				trouble.Why = cause.wait + ": " + l.Why
			}
		}
		if !cause.lasts() || accepted && l.Status == types.ScalingActivityStatusCodeFailed {
			continue
		}
		refusing[l.Zone] = true
		everywhere := !slices.ContainsFunc(zones, func(zone string) bool { return !refusing[zone] })
		if !cause.zonal || everywhere {
			return Trouble{Why: l.Why, Next: cause.next}
		}
	}
	return trouble
}
