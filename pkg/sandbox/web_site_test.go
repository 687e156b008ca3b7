package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	asgtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"provision/pkg/sandbox"
)

// site is a world with a VPC of two public and two private subnets, and what a web site needs there.
type site struct {
	world
	elb *elbv2.Client
	asg *autoscaling.Client

	vpcID           string
	public, private []string
	albGroup        string // lets the internet in at port 80
	appGroup        string // lets albGroup in at port 80
	image           string
}

// inSite runs a test in virtual time in a new site.
func inSite(t *testing.T, o sandbox.Options, test func(s site)) {
	t.Helper()
	inWorld(t, o, func(w world) {
		s := site{world: w, vpcID: w.vpc("10.1.0.0/16")}
		config := awsConfig(w.sandbox, "eu-west-1")
		s.elb, s.asg = elbv2.NewFromConfig(config), autoscaling.NewFromConfig(config)
		gateway := s.gateway(s.vpcID)
		table := s.table(s.vpcID)
		s.defaultRoute(table, &ec2.CreateRouteInput{GatewayId: &gateway})
		for i, zone := range []string{"a", "b"} {
			s.public = append(s.public, s.subnet(s.vpcID, fmt.Sprintf("10.1.%d.0/24", i), zone))
			s.private = append(s.private, s.subnet(s.vpcID, fmt.Sprintf("10.1.%d.0/24", 10+i), zone))
			s.route(table, s.public[i])
		}
		s.albGroup, s.appGroup = s.group(s.vpcID, "alb"), s.group(s.vpcID, "app")
		s.open(s.albGroup, types.IpPermission{IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}})
		s.open(s.appGroup, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &s.albGroup}}})
		found := do(s.T, ssm.NewFromConfig(config).GetParameter, &ssm.GetParameterInput{
			Name: aws.String("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"),
		})
		s.image = *found.Parameter.Value
		test(s)
	})
}

// nats gives the private subnets a way out, and waits for it.
func (s site) nats() {
	s.Helper()
	gateway := s.nat(s.public[0], s.address())
	time.Sleep(3 * time.Minute)
	table := s.table(s.vpcID)
	s.defaultRoute(table, &ec2.CreateRouteInput{NatGatewayId: &gateway})
	for _, id := range s.private {
		s.route(table, id)
	}
}

func (s site) defaultRoute(table string, in *ec2.CreateRouteInput) {
	s.Helper()
	in.RouteTableId, in.DestinationCidrBlock = &table, aws.String("0.0.0.0/0")
	do(s.T, s.CreateRoute, in)
}

func (s site) route(table, subnet string) {
	s.Helper()
	do(s.T, s.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: &table, SubnetId: &subnet})
}

// open lets peers in at port 80.
func (s site) open(group string, peers types.IpPermission) {
	s.Helper()
	peers.IpProtocol, peers.FromPort, peers.ToPort = aws.String("tcp"), aws.Int32(80), aws.Int32(80)
	do(s.T, s.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &group, IpPermissions: []types.IpPermission{peers},
	})
}

const nginxScript = "#!/bin/sh\ndnf install -y nginx\nsystemctl enable --now nginx\n"

// launchTemplate creates a template whose instances serve nginx's welcome page.
func (s site) launchTemplate(name string) string {
	s.Helper()
	out := do(s.T, s.CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: &name, LaunchTemplateData: &types.RequestLaunchTemplateData{
			ImageId: &s.image, InstanceType: types.InstanceTypeT3Micro, SecurityGroupIds: []string{s.appGroup},
			UserData: aws.String(base64.StdEncoding.EncodeToString([]byte(nginxScript))),
			TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{
				{ResourceType: types.ResourceTypeVolume, Tags: []types.Tag{{Key: aws.String("disk"), Value: aws.String("root")}}},
			},
		},
	})
	return *out.LaunchTemplate.LaunchTemplateId
}

func (s site) loadBalancer(name string) elbtypes.LoadBalancer {
	s.Helper()
	return do(s.T, s.elb.CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: &name, Subnets: s.public, SecurityGroups: []string{s.albGroup},
	}).LoadBalancers[0]
}

// targetGroup makes one that checks every ten seconds and believes in two successes.
func (s site) targetGroup(name string) string {
	s.Helper()
	return *do(s.T, s.elb.CreateTargetGroup, s.targetGroupInput(name)).TargetGroups[0].TargetGroupArn
}

func (s site) targetGroupInput(name string) *elbv2.CreateTargetGroupInput {
	return &elbv2.CreateTargetGroupInput{
		Name: &name, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp, VpcId: &s.vpcID,
		HealthCheckIntervalSeconds: aws.Int32(10), HealthyThresholdCount: aws.Int32(2),
	}
}

func listenerInput(balancer, group string) *elbv2.CreateListenerInput {
	return &elbv2.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: aws.Int32(80), Protocol: elbtypes.ProtocolEnumHttp,
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: &group}},
	}
}

func (s site) groupInput(name, template, targets string) *autoscaling.CreateAutoScalingGroupInput {
	in := &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &name, MinSize: aws.Int32(2), MaxSize: aws.Int32(4), DesiredCapacity: aws.Int32(2),
		LaunchTemplate:    &asgtypes.LaunchTemplateSpecification{LaunchTemplateId: &template, Version: aws.String("1")},
		VPCZoneIdentifier: aws.String(s.private[0] + "," + s.private[1]),
		Tags: []asgtypes.Tag{
			{Key: aws.String("team"), Value: aws.String("web"), PropagateAtLaunch: aws.Bool(true)},
			{Key: aws.String("quiet"), Value: aws.String("yes"), PropagateAtLaunch: aws.Bool(false)},
		},
	}
	if targets != "" {
		in.TargetGroupARNs, in.HealthCheckType = []string{targets}, aws.String("ELB")
		in.HealthCheckGracePeriod = aws.Int32(300)
	}
	return in
}

// groupNow describes an Auto Scaling group; it must be there.
func (s site) groupNow(name string) asgtypes.AutoScalingGroup {
	s.Helper()
	found := do(s.T, s.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{
		AutoScalingGroupNames: []string{name},
	}).AutoScalingGroups
	if len(found) != 1 {
		s.Fatalf("%d groups %s", len(found), name)
	}
	return found[0]
}

// health is how many targets are in each state.
func (s site) health(group string) map[elbtypes.TargetHealthStateEnum]int {
	s.Helper()
	out := map[elbtypes.TargetHealthStateEnum]int{}
	for _, t := range do(s.T, s.elb.DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{
		TargetGroupArn: &group,
	}).TargetHealthDescriptions {
		out[t.TargetHealth.State]++
	}
	return out
}

// get fetches a URL through the load balancers, without following redirects.
func (s site) get(url string) (status int, body string, err error) {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, url, http.NoBody)
	s.check(err)
	response, err := s.sandbox.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	text, err := io.ReadAll(response.Body)
	s.check(err)
	s.check(response.Body.Close())
	return response.StatusCode, string(text) + response.Header.Get("Location"), nil
}
