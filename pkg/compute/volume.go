package compute

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
)

// VolumeAPI is what this file calls.
type VolumeAPI interface {
	ec2.DescribeVolumesAPIClient
	DeleteVolume(context.Context, *ec2.DeleteVolumeInput, ...func(*ec2.Options)) (*ec2.DeleteVolumeOutput, error)
}

// VolumeState is a volume as observed.
type VolumeState struct {
	graph.Identity
	State types.VolumeState
}

// Volumes is the kind "volume": the root volumes of instances, which go with them. There is no wish for one.
type Volumes struct{ API VolumeAPI }

// VolumeKind is what is known of the kind "volume".
var VolumeKind = kind.Register(kind.Registration{
	Title:    "Volume",
	Launched: true,
	TaggedAs: types.ResourceTypeVolume,
	After:    []string{"auto-scaling-group", "instance"},
	Writes:   kind.Writes{Delete: []string{"ec2:DeleteVolume"}},
	Actions: kind.Actions{
		Read:   []string{"ec2:DescribeVolumes"},
		Change: []string{"ec2:DeleteVolume"},
	},
}, func(c *cloud.Region, _ string) Volumes { return Volumes{API: c.EC2} })

// Kind implements [graph.Kind].
func (Volumes) Kind() string { return "volume" }

// Pace implements [graph.Kind].
func (Volumes) Pace() graph.Pace { return graph.Pace{Leave: 5 * time.Second} }

// List implements [graph.Kind].
func (k Volumes) List(ctx context.Context, s *graph.Look) ([]VolumeState, error) {
	return graph.Once(ctx, s, "volumes", func(ctx context.Context) ([]VolumeState, error) {
		in := &ec2.DescribeVolumesInput{Filters: cloud.EC2Filter(s, "volume-id")}
		var found []VolumeState
		for pages := ec2.NewDescribeVolumesPaginator(k.API, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, volume := range page.Volumes {
				o := VolumeState{Identity: cloud.EC2Identity(volume.VolumeId, volume.Tags), State: volume.State}
				found = append(found, o)
			}
		}
		return found, nil
	})
}

// Phase implements [graph.Kind].
func (Volumes) Phase(o VolumeState) (graph.Phase, string) {
	switch o.State {
	case types.VolumeStateAvailable, types.VolumeStateInUse:
		return graph.Ready, ""
	case types.VolumeStateDeleting:
		return graph.Leaving, string(o.State)
	case types.VolumeStateDeleted:
		return graph.Gone, string(o.State)
	case types.VolumeStateError:
		return graph.Failed, string(o.State)
	}
	return graph.Pending, string(o.State)
}

// Delete implements [graph.Kind].
func (k Volumes) Delete(ctx context.Context, o VolumeState) error {
	_, err := k.API.DeleteVolume(ctx, &ec2.DeleteVolumeInput{VolumeId: aws.String(o.ID)})
	return cloud.IgnoreNotFound(err)
}
