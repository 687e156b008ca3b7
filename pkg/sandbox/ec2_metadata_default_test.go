package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// TestMetadataDefaults shows that the account's default counts where a launch says nothing, and which tags it then refuses.
func TestMetadataDefaults(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		tagged := func(key string, choice types.InstanceMetadataTagsState) *ec2.RunInstancesInput {
			in := s.runInput()
			in.ClientToken = nil
			in.TagSpecifications = []types.TagSpecification{{
				ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: &key, Value: aws.String("x")}},
			}}
			if choice != "" {
				in.MetadataOptions = &types.InstanceMetadataOptionsRequest{InstanceMetadataTags: choice}
			}
			return in
		}
		do(s.T, s.RunInstances, tagged("cost/center", ""))
		do(s.T, s.ModifyInstanceMetadataDefaults, &ec2.ModifyInstanceMetadataDefaultsInput{
			InstanceMetadataTags: types.DefaultInstanceMetadataTagsStateEnabled, HttpPutResponseHopLimit: aws.Int32(3),
		})
		level := do(s.T, s.GetInstanceMetadataDefaults, &ec2.GetInstanceMetadataDefaultsInput{}).AccountLevel
		if level.InstanceMetadataTags != types.InstanceMetadataTagsStateEnabled || *level.HttpPutResponseHopLimit != 3 {
			s.Errorf("defaults: %+v", level)
		}
		for _, key := range []string{"cost/center", "cost center", "_index"} {
			refused(s.T, "InvalidParameterValue", s.RunInstances, tagged(key, ""))
			do(s.T, s.RunInstances, tagged(key, types.InstanceMetadataTagsStateDisabled))
		}
		options := do(s.T, s.RunInstances, tagged("team", "")).Instances[0].MetadataOptions
		if options.InstanceMetadataTags != types.InstanceMetadataTagsStateEnabled || *options.HttpPutResponseHopLimit != 3 {
			s.Errorf("options of an instance: %+v", options)
		}
		do(s.T, s.ModifyInstanceMetadataDefaults, &ec2.ModifyInstanceMetadataDefaultsInput{
			InstanceMetadataTags: types.DefaultInstanceMetadataTagsStateNoPreference, HttpPutResponseHopLimit: aws.Int32(-1),
		})
		do(s.T, s.RunInstances, tagged("cost/center", ""))
	})
}
