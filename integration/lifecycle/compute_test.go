package lifecycle

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	balancing "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// checkCompute holds a region to how its instances are launched, and who leads the web to them.
func checkCompute(w *world, region string) {
	w.t.Helper()
	group := autoScalingGroup(w, region)
	checkLaunch(w, region, launched(w, region, *group.LaunchTemplate.Version))
	if got := len(instancesOf(w, region)); *group.MinSize != 2 || got != 2 || aws.ToString(group.HealthCheckType) != "ELB" {
		w.t.Errorf("%s: %d instances of at least %d, checked by %q; want 2, 2, ELB", region, got, *group.MinSize,
			aws.ToString(group.HealthCheckType))
	}
	public, subnets := publicSubnets(w, region), strings.Split(*group.VPCZoneIdentifier, ",")
	if len(subnets) != 3 || slices.ContainsFunc(subnets, func(id string) bool { return slices.Contains(public, id) }) {
		w.t.Errorf("%s: the group is over %v, want all private subnets; public are %v", region, subnets, public)
	}
	checkVolumes(w, region)
	checkListener(w, region)
}

func checkLaunch(w *world, region string, data *types.ResponseLaunchTemplateData) {
	w.t.Helper()
	if data.MetadataOptions == nil || data.MetadataOptions.HttpTokens != types.LaunchTemplateHttpTokensStateRequired {
		w.t.Errorf("%s: the launch template does not require IMDSv2: %+v", region, data.MetadataOptions)
	}
	if data.KeyName != nil || data.IamInstanceProfile == nil {
		w.t.Errorf("%s: the launch template has key pair %v and instance profile %v; want none, and one", region, data.KeyName, data.IamInstanceProfile)
	}
	for _, mapping := range data.BlockDeviceMappings {
		if mapping.Ebs == nil || !aws.ToBool(mapping.Ebs.Encrypted) || mapping.Ebs.VolumeType != types.VolumeTypeGp3 {
			w.t.Errorf("%s: the launch template has volume %+v, want an encrypted gp3", region, mapping.Ebs)
		}
	}
	for _, i := range data.NetworkInterfaces {
		if aws.ToBool(i.AssociatePublicIpAddress) {
			w.t.Errorf("%s: the launch template gives public addresses", region)
		}
	}
}

// checkVolumes looks at the volumes of the launch template only: see [whole].
func checkVolumes(w *world, region string) {
	w.t.Helper()
	out, err := w.ec2(region).DescribeVolumes(w.t.Context(), &ec2.DescribeVolumesInput{})
	encrypted := 0
	for _, v := range must(w, out, err).Volumes {
		if aws.ToBool(v.Encrypted) && v.VolumeType == types.VolumeTypeGp3 {
			encrypted++
		}
	}
	if encrypted != 2 {
		w.t.Errorf("%s: %d volumes are encrypted gp3, want one an instance", region, encrypted)
	}
}

func checkListener(w *world, region string) {
	w.t.Helper()
	api, ctx := w.balancing(region), w.t.Context()
	out, err := api.DescribeListeners(ctx, &elbv2.DescribeListenersInput{LoadBalancerArn: aws.String(w.one(region, "load-balancer"))})
	for _, l := range must(w, out, err).Listeners {
		if *l.Port != 80 || l.Protocol != balancing.ProtocolEnumHttp {
			w.t.Errorf("%s: a listener on %s %d, want HTTP 80", region, l.Protocol, *l.Port)
		}
	}
	input := &elbv2.DescribeTargetHealthInput{TargetGroupArn: aws.String(w.one(region, "target-group"))}
	health, err := api.DescribeTargetHealth(ctx, input)
	if got := len(must(w, health, err).TargetHealthDescriptions); got != 2 {
		w.t.Errorf("%s: %d targets, want the 2 instances", region, got)
	}
}

func autoScalingGroup(w *world, region string) scaling.AutoScalingGroup {
	w.t.Helper()
	out, err := w.groups(region).DescribeAutoScalingGroups(w.t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{})
	if groups := must(w, out, err).AutoScalingGroups; len(groups) == 1 {
		return groups[0]
	}
	w.t.Fatalf("%s: %d Auto Scaling groups, want 1", region, len(out.AutoScalingGroups))
	return scaling.AutoScalingGroup{}
}

// launched is what a version of the launch template holds.
func launched(w *world, region, version string) *types.ResponseLaunchTemplateData {
	w.t.Helper()
	input := &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateId: aws.String(w.one(region, "launch-template")), Versions: []string{version},
	}
	out, err := w.ec2(region).DescribeLaunchTemplateVersions(w.t.Context(), input)
	return must(w, out, err).LaunchTemplateVersions[0].LaunchTemplateData
}
