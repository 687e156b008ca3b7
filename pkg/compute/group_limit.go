package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// How long a group may take. A launch that takes much longer than the usual two minutes counts as one that fails.
const (
	groupLimit   = 15 * time.Minute
	launchLimit  = 5 * time.Minute // of one launch, from the call until the instance serves
	longestDrain = time.Hour       // that a target group can have
)

// Limit implements [graph.Unhurried]. A group that has to be empty before it is deleted lets connections drain, for an hour at
// most.
func (AutoScalingGroups) Limit(o AutoScalingGroupState) time.Duration {
	limit := groupLimit + moreFor(len(o.Members))
	if o.Protection == types.DeletionProtectionPreventForceDeletion {
		limit += longestDrain
	}
	return limit
}

// Limit implements [graph.Unhurried]. A refresh replaces half of the instances at a time, and waits in each round for the
// launch, for the warm-up, which is the grace period, and until connections have drained ("How an instance refresh works").
// It has its own limit in AWS, an hour without progress.
func (r AutoScalingGroup) Limit(o AutoScalingGroupState) time.Duration {
	n := max(int(o.Desired), len(o.Members))
	limit := groupLimit + moreFor(n)
	if o.Moving || o.outside() > 0 {
		limit += r.Drain
	}
	if o.Refresh.Active() || o.Refresh.Watched {
		atOnce := max(1, n/2)
		rounds := (n + atOnce - 1) / atOnce
		limit += time.Duration(rounds) * (launchLimit + r.Grace + r.Drain)
	}
	return limit
}

// moreFor is a minute for ten instances each: AWS launches and ends them some at a time.
func moreFor(instances int) time.Duration { return time.Duration(instances/10) * time.Minute }
