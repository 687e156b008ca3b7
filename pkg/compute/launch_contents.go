package compute

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/graph"
)

// The fields that the note of a launch template keeps as a digest, as changes name them.
const (
	FieldScript     = fieldData + "script"
	FieldLaunchTags = fieldData + wordTags
)

// LaunchContents is what a version of a launch template holds of the things that its note keeps as a digest.
type LaunchContents struct {
	Script string            // the user data, decoded
	Tags   map[string]string // of the instances
}

// ReadLaunchContents reads the version that a template's note is of. It is one call, for a plan in which the digests
// differ. An error names the template.
func ReadLaunchContents(
	ctx context.Context, api ec2.DescribeLaunchTemplateVersionsAPIClient, o LaunchTemplateState,
) (LaunchContents, error) {
	out, err := api.DescribeLaunchTemplateVersions(ctx, &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: aws.String(o.ID), Versions: []string{strconv.FormatInt(o.Note.Version, 10)},
	})
	if err != nil {
		return LaunchContents{}, fmt.Errorf("read version %d of launch template %s: %w", o.Note.Version, o.ID, err)
	}
	if len(out.LaunchTemplateVersions) == 0 || out.LaunchTemplateVersions[0].LaunchTemplateData == nil {
		return LaunchContents{}, fmt.Errorf("launch template %s has no version %d any more", o.ID, o.Note.Version)
	}
	return launchContents(*out.LaunchTemplateVersions[0].LaunchTemplateData)
}

func launchContents(data types.ResponseLaunchTemplateData) (LaunchContents, error) {
	script, err := base64.StdEncoding.DecodeString(aws.ToString(data.UserData))
	if err != nil {
		return LaunchContents{}, fmt.Errorf("decode the user data: %w", err)
	}
	c := LaunchContents{Script: string(script), Tags: map[string]string{}}
	for _, specification := range data.TagSpecifications {
		if specification.ResourceType == types.ResourceTypeInstance {
			for _, tag := range specification.Tags {
				c.Tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
		}
	}
	return c, nil
}

// TagChanges are the instance tags that differ from those of a version.
func (c LaunchContents) TagChanges(want map[string]string) []graph.Change {
	var drop []string
	for key := range c.Tags {
		if _, wanted := want[key]; !wanted {
			drop = append(drop, key)
		}
	}
	slices.Sort(drop)
	return graph.Tags{Want: want, Drop: drop}.Diff(c.Tags)
}
