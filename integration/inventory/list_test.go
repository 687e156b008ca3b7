package inventory_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	balancing "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"provision/integration/inventory"
	"provision/integration/localstack"
)

const region = "eu-west-1"

// Each create call must show up as a thing of its kind, and nothing may change by looking.
func TestListSeesWhatWasMade(t *testing.T) {
	cfg := localstack.Config(localstack.Endpoint(t), localstack.Account(t), region)
	before := list(t, cfg)
	populate(t, cfg)
	after := list(t, cfg)

	want := map[string]int{
		"vpc": 1, "subnet": 2, "internet-gateway": 1, "elastic-ip": 1, "nat-gateway": 1,
		"route-table": 2, "network-acl": 1, "security-group": 2, // the VPC's own among them
		"vpc-endpoint": 1, "flow-log": 1, "log-group": 1, "launch-template": 1, "instance": 1, "volume": 1,
		"network-interface":  2, // of the instance and the NAT gateway
		"auto-scaling-group": 1, "load-balancer": 1, "listener": 1, "target-group": 1,
		"key-pair": 1, "iam-role": 1, "instance-profile": 1, "policy": 1,
	}
	made := after.Without(before)
	if diff := cmp.Diff(want, made.Count()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := inventory.Diff(before, after.Within(before)); diff != "" {
		t.Errorf("the default VPC has changed:\n%s", diff)
	}
	if diff := inventory.Diff(after, list(t, cfg)); diff != "" {
		t.Errorf("two lists in a row differ:\n%s", diff)
	}
	if elsewhere := made.Where(func(r inventory.Resource) bool {
		return r.Region != region && r.Region != inventory.Global
	}); len(elsewhere) > 0 {
		t.Errorf("in another region:\n%s", elsewhere)
	}
}

func TestListSeesChangesAndLeavesOutWhatHasEnded(t *testing.T) {
	cfg := localstack.Config(localstack.Endpoint(t), localstack.Account(t), region)
	empty := list(t, cfg)
	api := ec2.NewFromConfig(cfg)
	vpc := must(api.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")}))(t).Vpc
	subnet := must(api.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
		VpcId: vpc.VpcId, CidrBlock: aws.String("10.9.0.0/24"),
	}))(t).Subnet
	nat := must(api.CreateNatGateway(t.Context(), &ec2.CreateNatGatewayInput{
		SubnetId: subnet.SubnetId, ConnectivityType: types.ConnectivityTypePrivate,
	}))(t).NatGateway
	before := list(t, cfg)

	must(api.CreateTags(t.Context(), &ec2.CreateTagsInput{
		Resources: []string{*vpc.VpcId}, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("platform")}},
	}))(t)
	diff := inventory.Diff(before, list(t, cfg))
	if !strings.HasPrefix(diff, "~ eu-west-1 vpc "+*vpc.VpcId) || !strings.Contains(diff, "platform") {
		t.Errorf("a tag was added, and the difference is %q", diff)
	}

	must(api.DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: nat.NatGatewayId}))(t)
	must(api.DeleteSubnet(t.Context(), &ec2.DeleteSubnetInput{SubnetId: subnet.SubnetId}))(t)
	must(api.DeleteVpc(t.Context(), &ec2.DeleteVpcInput{VpcId: vpc.VpcId}))(t)
	if diff := inventory.Diff(empty, list(t, cfg)); diff != "" {
		t.Errorf("all was deleted, and yet:\n%s", diff)
	}
}

func TestListOfAnUnreachableEndpointSaysWhatItWanted(t *testing.T) {
	cfg := localstack.Config("http://127.0.0.1:1", "123456789012", region)
	cfg.RetryMaxAttempts = 1
	if _, err := inventory.List(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "list each iam-role in global") {
		t.Errorf("got %v, want what was to be listed and where", err)
	}
}

func list(t *testing.T, cfg aws.Config) inventory.Inventory {
	t.Helper()
	all, err := inventory.List(t.Context(), cfg, region, "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// must ends the test on an error: must(call())(t).
func must[T any](out T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// populate makes one of each kind.
func populate(t *testing.T, cfg aws.Config) {
	t.Helper()
	subnets := populateNetwork(t, cfg)
	populateCompute(t, cfg, subnets)
	populateBalancing(t, cfg, subnets)
	populateIdentity(t, cfg)
}

func populateNetwork(t *testing.T, cfg aws.Config) []types.Subnet {
	t.Helper()
	ctx, api := t.Context(), ec2.NewFromConfig(cfg)
	vpc := must(api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.8.0.0/16")}))(t).Vpc
	var subnets []types.Subnet
	for zone, cidr := range map[string]string{"eu-west-1a": "10.8.0.0/24", "eu-west-1b": "10.8.1.0/24"} {
		subnets = append(subnets, *must(api.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: vpc.VpcId, CidrBlock: aws.String(cidr), AvailabilityZone: aws.String(zone),
		}))(t).Subnet)
	}
	gateway := must(api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{}))(t).InternetGateway
	must(api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: gateway.InternetGatewayId, VpcId: vpc.VpcId,
	}))(t)
	address := must(api.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc}))(t)
	must(api.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{
		SubnetId: subnets[0].SubnetId, AllocationId: address.AllocationId,
	}))(t)
	must(api.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc.VpcId}))(t)
	must(api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: vpc.VpcId, GroupName: aws.String("app"), Description: aws.String("app"),
	}))(t)
	must(api.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: vpc.VpcId, ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), VpcEndpointType: types.VpcEndpointTypeGateway,
	}))(t)
	must(cloudwatchlogs.NewFromConfig(cfg).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{
		LogGroupName: aws.String("/web"), Tags: map[string]string{"team": "web"},
	}))(t)
	must(api.CreateFlowLogs(ctx, &ec2.CreateFlowLogsInput{
		ResourceType: types.FlowLogsResourceTypeVpc, ResourceIds: []string{*vpc.VpcId}, TrafficType: types.TrafficTypeAll,
		LogGroupName: aws.String("/web"), DeliverLogsPermissionArn: aws.String("arn:aws:iam::123456789012:role/logs"),
	}))(t)
	return subnets
}

func populateCompute(t *testing.T, cfg aws.Config, subnets []types.Subnet) {
	t.Helper()
	ctx, api := t.Context(), ec2.NewFromConfig(cfg)
	must(api.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("key")}))(t)
	template := must(api.CreateLaunchTemplate(ctx, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String("web"),
		LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId: aws.String("ami-760aaa0f"), InstanceType: types.InstanceTypeT3Micro,
		},
	}))(t).LaunchTemplate
	must(autoscaling.NewFromConfig(cfg).CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(2),
		LaunchTemplate: &scaling.LaunchTemplateSpecification{
			LaunchTemplateId: template.LaunchTemplateId, Version: aws.String("1"),
		},
		VPCZoneIdentifier: subnets[0].SubnetId,
	}))(t)
	must(api.RunInstances(ctx, &ec2.RunInstancesInput{
		ImageId: aws.String("ami-760aaa0f"), SubnetId: subnets[0].SubnetId,
		MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: types.InstanceTypeT3Micro,
	}))(t)
}

func populateBalancing(t *testing.T, cfg aws.Config, subnets []types.Subnet) {
	t.Helper()
	ctx, api := t.Context(), elbv2.NewFromConfig(cfg)
	balancer := must(api.CreateLoadBalancer(ctx, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("web"), Subnets: []string{*subnets[0].SubnetId, *subnets[1].SubnetId},
	}))(t).LoadBalancers[0]
	group := must(api.CreateTargetGroup(ctx, &elbv2.CreateTargetGroupInput{
		Name: aws.String("web"), VpcId: subnets[0].VpcId, Port: aws.Int32(80), Protocol: balancing.ProtocolEnumHttp,
	}))(t).TargetGroups[0]
	must(api.CreateListener(ctx, &elbv2.CreateListenerInput{
		LoadBalancerArn: balancer.LoadBalancerArn, Port: aws.Int32(80), Protocol: balancing.ProtocolEnumHttp,
		DefaultActions: []balancing.Action{{
			Type: balancing.ActionTypeEnumForward, TargetGroupArn: group.TargetGroupArn,
		}},
	}))(t)
}

func populateIdentity(t *testing.T, cfg aws.Config) {
	t.Helper()
	ctx, api := t.Context(), iam.NewFromConfig(cfg)
	document := aws.String(`{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`)
	must(api.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("web"), AssumeRolePolicyDocument: document}))(t)
	must(api.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("web")}))(t)
	must(api.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("web"), PolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}]}`),
	}))(t)
}
