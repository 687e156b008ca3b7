package sandbox_test

import (
	"encoding/base64"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/sandbox"
)

// templateInput is a launch template with something of everything that a template of a web server has.
func templateInput(name string) *ec2.CreateLaunchTemplateInput {
	tags := []types.Tag{{Key: aws.String("Name"), Value: aws.String(name)}}
	return &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: &name, ClientToken: aws.String("token-" + name),
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeLaunchTemplate, Tags: tags}},
		LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId: aws.String("ami-1"), InstanceType: types.InstanceTypeT3Micro, SecurityGroupIds: []string{"sg-1", "sg-2"},
			UserData:           aws.String(base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\ndnf install -y nginx\n"))),
			IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("web")},
			MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{
				HttpTokens: types.LaunchTemplateHttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(1),
			},
			BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{{
				DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{
					VolumeSize: aws.Int32(8), VolumeType: types.VolumeTypeGp3, Encrypted: aws.Bool(true),
				},
			}},
			TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{{
				ResourceType: types.ResourceTypeInstance, Tags: tags,
			}},
		},
	}
}

func TestLaunchTemplateKeepsItsData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := ec2Client(sandbox.New(sandbox.Options{}), "eu-west-1")
		in := templateInput("web")
		made := do(t, client.CreateLaunchTemplate, in)
		found := do(t, client.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{
			LaunchTemplateId: made.LaunchTemplate.LaunchTemplateId,
		})
		if len(found.LaunchTemplateVersions) != 1 {
			t.Fatalf("%d versions", len(found.LaunchTemplateVersions))
		}
		got, asked := found.LaunchTemplateVersions[0].LaunchTemplateData, in.LaunchTemplateData
		want := &types.ResponseLaunchTemplateData{
			ImageId: asked.ImageId, InstanceType: asked.InstanceType, UserData: asked.UserData,
			SecurityGroupIds:   asked.SecurityGroupIds,
			IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecification{Name: aws.String("web")},
			MetadataOptions: &types.LaunchTemplateInstanceMetadataOptions{
				HttpTokens: types.LaunchTemplateHttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(1),
				State: types.LaunchTemplateInstanceMetadataOptionsStateApplied,
			},
			BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMapping{{
				DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDevice{
					VolumeSize: aws.Int32(8), VolumeType: types.VolumeTypeGp3, Encrypted: aws.Bool(true),
				},
			}},
			TagSpecifications: []types.LaunchTemplateTagSpecification{{
				ResourceType: types.ResourceTypeInstance, Tags: asked.TagSpecifications[0].Tags,
			}},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(
			types.ResponseLaunchTemplateData{}, types.LaunchTemplateIamInstanceProfileSpecification{}, types.Tag{},
			types.LaunchTemplateInstanceMetadataOptions{}, types.LaunchTemplateBlockDeviceMapping{},
			types.LaunchTemplateEbsBlockDevice{}, types.LaunchTemplateTagSpecification{},
		), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
	})
}

func TestLaunchTemplateTokensAndNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := ec2Client(sandbox.New(sandbox.Options{}), "eu-west-1")
		first := do(t, client.CreateLaunchTemplate, templateInput("web")).LaunchTemplate
		again := do(t, client.CreateLaunchTemplate, templateInput("web")).LaunchTemplate
		if *first.LaunchTemplateId != *again.LaunchTemplateId {
			t.Error("a repeated token made a second template")
		}
		other := templateInput("web")
		other.LaunchTemplateData.ImageId = aws.String("ami-2")
		refused(t, "IdempotentParameterMismatch", client.CreateLaunchTemplate, other)
		other.ClientToken = aws.String("another")
		refused(t, "InvalidLaunchTemplateName.AlreadyExistsException", client.CreateLaunchTemplate, other)
		for _, by := range []*ec2.DescribeLaunchTemplatesInput{
			{LaunchTemplateNames: []string{"web"}},
			{LaunchTemplateIds: []string{*first.LaunchTemplateId}},
			{Filters: []types.Filter{{Name: aws.String("tag:Name"), Values: []string{"web"}}}},
		} {
			if found := do(t, client.DescribeLaunchTemplates, by); len(found.LaunchTemplates) != 1 {
				t.Errorf("%+v: %d found", by, len(found.LaunchTemplates))
			}
		}
		do(t, client.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateName: aws.String("web")})
		refused(t, "InvalidLaunchTemplateName.NotFoundException", client.DescribeLaunchTemplates,
			&ec2.DescribeLaunchTemplatesInput{LaunchTemplateNames: []string{"web"}})
	})
}

func TestLaunchTemplateVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := ec2Client(sandbox.New(sandbox.Options{}), "eu-west-1")
		name := do(t, client.CreateLaunchTemplate, templateInput("web")).LaunchTemplate.LaunchTemplateName
		do(t, client.CreateLaunchTemplate, templateInput("other"))
		second := do(t, client.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateName: name, SourceVersion: aws.String("1"),
			LaunchTemplateData: &types.RequestLaunchTemplateData{InstanceType: types.InstanceTypeT3Small},
		}).LaunchTemplateVersion
		if *second.VersionNumber != 2 || aws.ToBool(second.DefaultVersion) ||
			second.LaunchTemplateData.InstanceType != types.InstanceTypeT3Small ||
			*second.LaunchTemplateData.ImageId != "ami-1" {
			t.Errorf("second version: %+v", second)
		}
		do(t, client.ModifyLaunchTemplate, &ec2.ModifyLaunchTemplateInput{
			LaunchTemplateName: name, DefaultVersion: aws.String("2"),
		})
		type query = ec2.DescribeLaunchTemplateVersionsInput
		for _, test := range []struct {
			in   query
			want []int64
		}{
			{query{LaunchTemplateName: name}, []int64{2, 1}},
			{query{LaunchTemplateName: name, Versions: []string{"$Latest", "1"}}, []int64{2, 1}},
			{query{LaunchTemplateName: name, Versions: []string{"$Default"}}, []int64{2}},
			{query{LaunchTemplateName: name, MaxVersion: aws.String("1")}, []int64{1}},
			{query{Versions: []string{"$Latest"}}, []int64{2, 1}},
		} {
			var got []int64
			for _, v := range do(t, client.DescribeLaunchTemplateVersions, &test.in).LaunchTemplateVersions {
				got = append(got, *v.VersionNumber)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", test.in, diff)
			}
		}
		refused(t, "InvalidLaunchTemplateId.VersionNotFound", client.DescribeLaunchTemplateVersions,
			&ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateName: name, Versions: []string{"9"}})
		refused(t, "MissingParameter", client.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{})
	})
}
