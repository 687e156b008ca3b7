package main

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/policy"
	"provision/pkg/sandbox"
)

// A launch of the apply role takes nothing that belongs to others, whether it asks itself or by way of its group.
func TestApplyRoleLaunchesOnlyWithItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, smallStack+"regions: [eu-west-1]\n")
		applier := w.as("applier", policy.Apply(wholeScope))
		w.must(ending.Done, applier.run(w, "up", "--yes", "--skip-verify"))
		as := func(key string) aws.Config {
			return aws.Config{
				Region: "eu-west-1", HTTPClient: w.box, Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
			}
		}
		owner, api, scaling := ec2.NewFromConfig(as(sandbox.DefaultAccount)), ec2.NewFromConfig(as(applier.key)), autoscaling.NewFromConfig(as(applier.key))
		vpc, err := owner.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.99.0.0/16")})
		if err != nil {
			t.Fatal(err)
		}
		subnet, err := owner.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.99.1.0/24")})
		if err != nil {
			t.Fatal(err)
		}
		group, err := owner.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			VpcId: vpc.Vpc.VpcId, GroupName: aws.String("theirs"), Description: aws.String("theirs"),
		})
		if err != nil {
			t.Fatal(err)
		}
		templates, err := owner.DescribeLaunchTemplates(t.Context(), &ec2.DescribeLaunchTemplatesInput{})
		if err != nil || len(templates.LaunchTemplates) != 1 {
			t.Fatal(len(templates.LaunchTemplates), err)
		}
		own, err := owner.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{
			Filters: []types.Filter{{Name: aws.String("tag:provision:stack"), Values: []string{"web"}}},
		})
		if err != nil || len(own.Subnets) == 0 {
			t.Fatal(err)
		}
		template := templates.LaunchTemplates[0].LaunchTemplateId
		run := func(change func(*ec2.RunInstancesInput)) func() error {
			return func() error {
				in := &ec2.RunInstancesInput{
					MinCount: aws.Int32(1), MaxCount: aws.Int32(1), SubnetId: own.Subnets[0].SubnetId,
					LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateId: template, Version: aws.String("1")},
				}
				change(in)
				_, err := api.RunInstances(t.Context(), in)
				return err
			}
		}
		update := func(in *autoscaling.UpdateAutoScalingGroupInput) func() error {
			return func() error {
				in.AutoScalingGroupName = aws.String("provision-web")
				_, err := scaling.UpdateAutoScalingGroup(t.Context(), in)
				return err
			}
		}
		of := func(version string) *asgtypes.LaunchTemplateSpecification {
			return &asgtypes.LaunchTemplateSpecification{LaunchTemplateId: template, Version: aws.String(version)}
		}
		for what, attack := range map[string]func() error{
			"a foreign subnet": run(func(in *ec2.RunInstancesInput) { in.SubnetId = subnet.Subnet.SubnetId }),
			"a foreign group":  run(func(in *ec2.RunInstancesInput) { in.SecurityGroupIds = []string{*group.GroupId} }),
			"another image":    run(func(in *ec2.RunInstancesInput) { in.ImageId = aws.String("ami-0123456789abcdef0") }),
			"a key pair":       run(func(in *ec2.RunInstancesInput) { in.KeyName = aws.String("theirs") }),
			"a snapshot": run(func(in *ec2.RunInstancesInput) {
				in.BlockDeviceMappings = []types.BlockDeviceMapping{{
					DeviceName: aws.String("/dev/sdf"), Ebs: &types.EbsBlockDevice{SnapshotId: aws.String("snap-0123456789abcdef0")},
				}}
			}),
			"no template":                        run(func(in *ec2.RunInstancesInput) { in.LaunchTemplate = nil }),
			"the group's latest version":         update(&autoscaling.UpdateAutoScalingGroupInput{LaunchTemplate: of("$Latest")}),
			"the group's default version":        update(&autoscaling.UpdateAutoScalingGroupInput{LaunchTemplate: of("$Default")}),
			"the group's subnets alone":          update(&autoscaling.UpdateAutoScalingGroupInput{VPCZoneIdentifier: subnet.Subnet.SubnetId}),
			"the group's subnets and a template": update(&autoscaling.UpdateAutoScalingGroupInput{VPCZoneIdentifier: subnet.Subnet.SubnetId, LaunchTemplate: of("1")}),
			"others' targets": func() error {
				_, err := scaling.AttachLoadBalancerTargetGroups(t.Context(), &autoscaling.AttachLoadBalancerTargetGroupsInput{
					AutoScalingGroupName: aws.String("provision-web"),
					TargetGroupARNs:      []string{"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/theirs/0123456789abcdef"},
				})
				return err
			},
		} {
			if err := attack(); !cloud.IsDenied(err) {
				t.Errorf("%s: got %v, want a denial", what, err)
			}
		}
		if err := run(func(*ec2.RunInstancesInput) {})(); err != nil {
			t.Errorf("with its own: %v", err)
		}
	})
}
