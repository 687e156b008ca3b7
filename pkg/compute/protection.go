package compute

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/graph"
)

// Obstacles implements [graph.Guarded]: its deletion protection. Both levels stop a removal, which deletes the group with
// its instances ("Configure deletion protection for your Amazon EC2 Auto Scaling resources").
func (k AutoScalingGroups) Obstacles(_ context.Context, _ *graph.Look, o AutoScalingGroupState) ([]graph.Blocker, error) {
	if o.Protection == "" || o.Protection == types.DeletionProtectionNone {
		return nil, nil
	}
	remove := "aws autoscaling update-auto-scaling-group --deletion-protection none --auto-scaling-group-name " + o.ID
	if k.Region != "" {
		remove += " --region " + k.Region
	}
	return []graph.Blocker{{ID: o.ID, Kind: graph.Protection, Remove: remove}}, nil
}
