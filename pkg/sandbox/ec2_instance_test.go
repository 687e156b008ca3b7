package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/sandbox"
)

func (s site) runInput() *ec2.RunInstancesInput {
	return &ec2.RunInstancesInput{
		ImageId: &s.image, InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		SubnetId: &s.private[0], SecurityGroupIds: []string{s.appGroup}, ClientToken: aws.String("once"),
		TagSpecifications: []types.TagSpecification{{
			ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("one")}},
		}},
	}
}

// instance describes one instance.
func (s site) instance(id string) types.Instance {
	s.Helper()
	found := do(s.T, s.DescribeInstances, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	return found.Reservations[0].Instances[0]
}

func TestInstanceLife(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		id := *do(s.T, s.RunInstances, s.runInput()).Instances[0].InstanceId
		if again := *do(s.T, s.RunInstances, s.runInput()).Instances[0].InstanceId; again != id {
			s.Error("a repeated token made a second instance")
		}
		check := func(after time.Duration, want types.InstanceStateName) {
			s.Helper()
			time.Sleep(after)
			if got := s.instance(id).State.Name; got != want {
				s.Errorf("%s later it is %s, want %s", after, got, want)
			}
		}
		check(19*time.Second, types.InstanceStateNamePending)
		check(22*time.Second, types.InstanceStateNameRunning)
		statuses := do(s.T, s.DescribeInstanceStatus, &ec2.DescribeInstanceStatusInput{InstanceIds: []string{id}})
		if got := statuses.InstanceStatuses[0].InstanceStatus.Status; got != types.SummaryStatusInitializing {
			s.Errorf("status checks: %s", got)
		}
		subnet := &ec2.DeleteSubnetInput{SubnetId: &s.private[0]}
		refused(s.T, "DependencyViolation", s.DeleteSubnet, subnet)

		ended := do(s.T, s.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
		if got := ended.TerminatingInstances[0].CurrentState.Name; got != types.InstanceStateNameShuttingDown {
			s.Errorf("answered %s", got)
		}
		refused(s.T, "DependencyViolation", s.DeleteSubnet, subnet)
		check(51*time.Second, types.InstanceStateNameTerminated)
		if tags := s.instance(id).Tags; len(tags) != 1 {
			s.Errorf("tags of what was terminated: %v", tags)
		}
		do(s.T, s.DeleteSubnet, subnet)
		if disks := do(s.T, s.DescribeVolumes, &ec2.DescribeVolumesInput{}).Volumes; len(disks) != 0 {
			s.Errorf("volumes: %+v", disks)
		}
		time.Sleep(time.Hour)
		refused(s.T, "InvalidInstanceID.NotFound", s.DescribeInstances,
			&ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	})
}

func TestInstanceRefusals(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		foreign := s.group(s.vpc("10.2.0.0/16"), "foreign")
		type input = ec2.RunInstancesInput
		for name, test := range map[string]struct {
			change func(*input)
			want   string
		}{
			"no such image":  {func(in *input) { in.ImageId = aws.String("ami-0") }, "InvalidAMIID.NotFound"},
			"no such group":  {func(in *input) { in.SecurityGroupIds = []string{"sg-0"} }, "InvalidGroup.NotFound"},
			"foreign group":  {func(in *input) { in.SecurityGroupIds = []string{foreign} }, "InvalidParameter"},
			"no such subnet": {func(in *input) { in.SubnetId = aws.String("subnet-0") }, "InvalidSubnetID.NotFound"},
			"no subnet":      {func(in *input) { in.SubnetId = nil }, "MissingInput"},
			"no such type":   {func(in *input) { in.InstanceType = "t3.huge" }, "InvalidParameterValue"},
			"other CPU":      {func(in *input) { in.InstanceType = types.InstanceTypeT4gMicro }, "InvalidParameterValue"},
			"no such key":    {func(in *input) { in.KeyName = aws.String("mine") }, "InvalidKeyPair.NotFound"},
			"no such profile": {func(in *input) {
				in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: aws.String("none")}
			}, "InvalidParameterValue"},
			"small volume": {func(in *input) {
				in.BlockDeviceMappings = []types.BlockDeviceMapping{{
					DeviceName: aws.String("/dev/xvda"), Ebs: &types.EbsBlockDevice{VolumeSize: aws.Int32(4)},
				}}
			}, "InvalidBlockDeviceMapping"},
			"dry run": {func(in *input) { in.DryRun = aws.Bool(true) }, "DryRunOperation"},
			"a spot instance": {func(in *input) {
				in.InstanceMarketOptions = &types.InstanceMarketOptionsRequest{MarketType: types.MarketTypeSpot}
			}, "UnsupportedOperation"},
		} {
			s.Log(name)
			in := s.runInput()
			test.change(in)
			refused(s.T, test.want, s.RunInstances, in)
		}
		if found := do(s.T, s.DescribeInstances, &ec2.DescribeInstancesInput{}).Reservations; len(found) != 0 {
			s.Errorf("%d launches", len(found))
		}
	})
}

// Instances of an account may have so many virtual CPUs at once, whoever starts them. One that has ended has none.
func TestInstancesOfTooManyCPUs(t *testing.T) {
	inSite(t, sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaVCPUs: 5}}, func(s site) {
		some := func(least, most int32) *ec2.RunInstancesInput { // of two each
			in := s.runInput()
			in.ClientToken, in.MinCount, in.MaxCount = nil, &least, &most
			return in
		}
		refused(s.T, "VcpuLimitExceeded", s.RunInstances, some(3, 3))
		made := do(s.T, s.RunInstances, some(1, 3)).Instances
		if len(made) != 2 {
			s.Fatalf("%d were started, want the two that there is room for", len(made))
		}
		refused(s.T, "VcpuLimitExceeded", s.RunInstances, some(1, 1))
		do(s.T, s.TerminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{*made[0].InstanceId}})
		do(s.T, s.RunInstances, some(1, 1))
	})
}

// TestInstanceProfileSpreads shows that a new profile is unknown to Auto Scaling for some seconds.
func TestInstanceProfileSpreads(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		client := iam.NewFromConfig(awsConfig(s.sandbox, "eu-west-1"))
		madeRole(s.T, client, "web")
		name := aws.String("web")
		do(s.T, client.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{
			InstanceProfileName: name, RoleName: name,
		})
		template := s.launchTemplate("web")
		do(s.T, s.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: &template, SourceVersion: aws.String("1"), LaunchTemplateData: &types.RequestLaunchTemplateData{
				IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: name},
			},
		})
		in := s.groupInput("web", template, "")
		in.LaunchTemplate.Version = aws.String("$Latest")
		refused(s.T, "ValidationError", s.asg.CreateAutoScalingGroup, in)
		time.Sleep(15 * time.Second)
		do(s.T, s.asg.CreateAutoScalingGroup, in)
		time.Sleep(time.Minute)
		for _, i := range s.instances("web") {
			const want = "arn:aws:iam::123456789012:instance-profile/web"
			if got := i.IamInstanceProfile; got == nil || *got.Arn != want {
				s.Errorf("profile: %+v", got)
			}
		}
	})
}

func TestImagesByParameter(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		found := do(s.T, s.DescribeImages, &ec2.DescribeImagesInput{
			ImageIds: []string{s.image}, Owners: []string{"amazon"},
			Filters: []types.Filter{{Name: aws.String("architecture"), Values: []string{"x86_64"}}},
		}).Images
		if len(found) != 1 || *found[0].RootDeviceName != "/dev/xvda" || found[0].State != types.ImageStateAvailable {
			s.Errorf("images: %+v", found)
		}
		refused(s.T, "InvalidAMIID.NotFound", ec2Client(s.sandbox, "eu-central-1").DescribeImages,
			&ec2.DescribeImagesInput{ImageIds: []string{s.image}})
	})
}

// TestInstancesOutliveTheProcess stops in the middle of a launch, and continues from a snapshot.
func TestInstancesOutliveTheProcess(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		s.nats()
		balancer, targets := s.loadBalancer("web"), s.targetGroup("web")
		do(s.T, s.elb.CreateListener, listenerInput(*balancer.LoadBalancerArn, targets))
		do(s.T, s.asg.CreateAutoScalingGroup, s.groupInput("web", s.launchTemplate("web"), targets))
		time.Sleep(8 * time.Second)
		s.groupNow("web")
		data, err := s.sandbox.Snapshot()
		s.check(err)
		s.check(s.sandbox.Restore(data))
		time.Sleep(6 * time.Minute)
		if status, _, err := s.get("http://" + *balancer.DNSName); err != nil || status != 200 {
			s.Errorf("GET / = %d %v", status, err)
		}
		do(s.T, s.asg.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{
			AutoScalingGroupName: aws.String("web"), ForceDelete: aws.Bool(true),
		})
		data, err = s.sandbox.Snapshot()
		s.check(err)
		s.check(s.sandbox.Restore(data))
		time.Sleep(2 * time.Minute)
		left := do(s.T, s.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{})
		if len(left.AutoScalingGroups) != 0 {
			s.Errorf("%d groups are left", len(left.AutoScalingGroups))
		}
	})
}
