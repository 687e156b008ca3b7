package compute_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// An account can have its instances' tags in their metadata by default, where keys with a slash or a space can't be: launches with
// such a tag succeed all the same.
func TestQuirksTagsThatMetadataCanNotHold(t *testing.T) {
	for _, key := range []string{"cost/center", "cost center"} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, sandbox.Options{})
			_, err := s.EC2.ModifyInstanceMetadataDefaults(t.Context(), &ec2.ModifyInstanceMetadataDefaultsInput{
				InstanceMetadataTags: ec2types.DefaultInstanceMetadataTagsStateEnabled,
			})
			if err != nil {
				t.Fatal(err)
			}
			s.key = key
			s.Up(s.build)
			if got := s.versions(); !slices.Equal(got, []string{"1", "1"}) {
				t.Errorf("%q: the instances run the versions %v", key, got)
			}
		})
	}
}

// A template from before that rule gets a new version, and the instances that run stay.
func TestQuirksTemplatesWithTagsInMetadataAreDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, sandbox.Options{})
		s.Up(s.build)
		id := s.Journal.ID("launch-template")
		_, err := s.EC2.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{id}, Tags: []ec2types.Tag{{
			Key: aws.String("provision:template"), Value: aws.String(strings.Replace(s.note(), "rules=2", "rules=1", 1)),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"update launch-template; launch rules", "update auto-scaling-group; group launchTemplate"}
		if diff := cmp.Diff(want, sandboxtest.Differences(s.Plan(s.build))); diff != "" {
			t.Errorf("differences (-want +got):\n%s", diff)
		}
		s.Up(s.build)
		if got := s.versions(); !slices.Equal(got, []string{"1", "1"}) {
			t.Errorf("the instances run the versions %v", got)
		}
		out, err := s.EC2.DescribeLaunchTemplateVersions(t.Context(), &ec2.DescribeLaunchTemplateVersionsInput{
			LaunchTemplateId: &id, Versions: []string{"$Default"},
		})
		if err != nil {
			t.Fatal(err)
		}
		version := out.LaunchTemplateVersions[0]
		if tags := version.LaunchTemplateData.MetadataOptions.InstanceMetadataTags; *version.VersionNumber != 2 ||
			tags != ec2types.LaunchTemplateInstanceMetadataTagsStateDisabled {
			t.Errorf("version %d has tags in metadata %s", *version.VersionNumber, tags)
		}
	})
}
