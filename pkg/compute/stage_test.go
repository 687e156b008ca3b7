package compute_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/clock"
	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const name = "provision-web"

// stage has a network and a role for instances, and settings that a test may change between two runs.
type stage struct {
	*sandboxtest.Stage
	image, instanceType string
	zones               int
	min, max, desired   int32
	grace               time.Duration
	key                 string // of a further tag, empty: none
	team                string // a tag of the launch template, the group and its instances
}

func newStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	s := &stage{
		Stage: sandboxtest.New(t, o), instanceType: "t3.micro", zones: 2, min: 2, max: 4, desired: 2, team: "web",
		grace: 2 * time.Minute,
	}
	image, err := compute.AMI(t.Context(), s.SSM, "al2023", s.instanceType)
	if err != nil {
		t.Fatal(err)
	}
	s.image = image
	keepers := &network.Keepers{Region: sandboxtest.Region, EC2: s.EC2, Balancer: s.ELB}
	s.Kinds = func(g *graph.Graph) {
		graph.AddKind(g, compute.AutoScalingGroups{API: s.AutoScaling, Name: name, Region: sandboxtest.Region})
		graph.AddKind(g, lb.LoadBalancers{API: s.ELB, Name: name})
		graph.AddKind(g, lb.Listeners{API: s.ELB, Name: name}, "load-balancer")
		graph.AddKind(g, lb.TargetGroups{API: s.ELB, Name: name}, "listener")
		graph.AddKind(g, compute.LaunchTemplates{API: s.EC2}, "auto-scaling-group")
		graph.AddKind(g, network.VPCEndpoints{API: s.EC2})
		graph.AddKind(g, network.Subnets{API: s.EC2, Keepers: keepers}, "auto-scaling-group", "load-balancer")
		graph.AddKind(g, network.SecurityGroups{API: s.EC2, Keepers: keepers}, "auto-scaling-group", "load-balancer")
		graph.AddKind(g, network.InternetGateways{API: s.EC2, Keepers: keepers}, "auto-scaling-group", "load-balancer")
		graph.AddKind(g, network.RouteTables{API: s.EC2}, "subnet", "vpc-endpoint")
		graph.AddKind(g, network.VPCs{API: s.EC2, Keepers: keepers},
			"subnet", "route-table", "security-group", "internet-gateway", "vpc-endpoint")
	}
	s.makeProfile()
	return s
}

// makeProfile creates the instance profile, which belongs to no region, and waits until all services know it.
func (s *stage) makeProfile() {
	s.Helper()
	_, err := s.IAM.CreateRole(s.Context(), &iam.CreateRoleInput{
		RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		s.Fatal(err)
	}
	in := &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String(name)}
	if _, err := s.IAM.CreateInstanceProfile(s.Context(), in); err != nil {
		s.Fatal(err)
	}
	_, err = s.IAM.AddRoleToInstanceProfile(s.Context(), &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String(name), RoleName: aws.String(name),
	})
	if err != nil {
		s.Fatal(err)
	}
	if err := clock.Sleep(s.Context(), time.Minute); err != nil {
		s.Fatal(err)
	}
}

// build is all that instances need to serve: a load balancer in front of them and, for their packages, a way to S3.
func (s *stage) build(g *graph.Graph) {
	vpc := graph.Add(g, network.VPC{
		VPCs: network.VPCs{API: s.EC2}, Meta: sandboxtest.Meta("vpc"), CIDR: netip.MustParsePrefix("10.1.0.0/16"),
	})
	internet := graph.Add(g, network.InternetGateway{
		InternetGateways: network.InternetGateways{API: s.EC2}, Meta: sandboxtest.Meta("internet-gateway"), VPC: vpc,
	})
	front := s.securityGroup(g, vpc, "alb", network.Rule{Port: 80, CIDR: netip.MustParsePrefix("0.0.0.0/0")})
	behind := s.securityGroup(g, vpc, "app", network.Rule{Port: 80, Group: front})
	public, private := s.subnets(g, vpc, "public", 0), s.subnets(g, vpc, "private", 100)
	s.routeTable(g, vpc, "public", public, internet)
	endpoint := graph.Add(g, network.GatewayEndpoint{
		VPCEndpoints: network.VPCEndpoints{API: s.EC2}, Meta: sandboxtest.Meta("vpc-endpoint/s3"), VPC: vpc,
		Service:     network.ServiceName(sandboxtest.Region, "s3"),
		RouteTables: []graph.Ref{s.routeTable(g, vpc, "private", private, graph.Ref{})},
	})
	targets := graph.Add(g, lb.TargetGroup{
		TargetGroups: lb.TargetGroups{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("target-group"), VPC: vpc, Port: 80,
		Health: lb.HealthCheck{Path: "/", Interval: 10 * time.Second, Healthy: 2, Unhealthy: 2}, Drain: 30 * time.Second,
	})
	balancer := graph.Add(g, lb.LoadBalancer{
		LoadBalancers: lb.LoadBalancers{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("load-balancer"),
		Subnets: public, SecurityGroup: front, Internet: internet,
	})
	listener := graph.Add(g, lb.Listener{
		Listeners: lb.Listeners{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("listener/http"),
		LoadBalancer: balancer, TargetGroup: targets, Port: 80,
	})
	s.instances(g, behind, targets, private, endpoint.Ready(), listener.Ready())
}

func (s *stage) instances(g *graph.Graph, group, targets graph.Ref, subnets []graph.Ref, after ...graph.Need) {
	launch := compute.LaunchTemplate{
		LaunchTemplates: compute.LaunchTemplates{API: s.EC2}, Meta: s.meta("launch-template"), Name: name, AMI: s.image,
		InstanceType: s.instanceType, InstanceProfile: name, SecurityGroup: group, UserData: compute.NginxScript, VolumeGB: 8,
		InstanceTags: s.meta("auto-scaling-group").Labels.Want,
	}
	graph.Add(g, compute.AutoScalingGroup{
		AutoScalingGroups: compute.AutoScalingGroups{API: s.AutoScaling, Name: name}, Meta: s.meta("auto-scaling-group"),
		Template: graph.Add(g, launch), Launch: launch, Subnets: subnets, TargetGroup: targets,
		Min: s.min, Max: s.max, Desired: s.desired, Grace: s.grace, Drain: 30 * time.Second, After: after,
	})
}

func (s *stage) securityGroup(g *graph.Graph, vpc graph.Ref, side string, rule network.Rule) graph.Ref {
	return graph.Add(g, network.SecurityGroup{
		SecurityGroups: network.SecurityGroups{API: s.EC2}, Meta: sandboxtest.Meta(graph.Join("security-group", side)),
		VPC: vpc, GroupName: side, Description: side, Ingress: []network.Rule{rule},
	})
}

func (s *stage) subnets(g *graph.Graph, vpc graph.Ref, side string, block int) []graph.Ref {
	var refs []graph.Ref
	for i := range s.zones {
		refs = append(refs, graph.Add(g, network.Subnet{
			Subnets: network.Subnets{API: s.EC2}, Meta: sandboxtest.Meta(graph.Key(fmt.Sprintf("subnet/%s-%d", side, i))),
			VPC: vpc, ZoneID: fmt.Sprintf("euw1-az%d", i+1),
			CIDR: netip.MustParsePrefix(fmt.Sprintf("10.1.%d.0/24", block+i)),
		}))
	}
	return refs
}

func (s *stage) routeTable(g *graph.Graph, vpc graph.Ref, side string, subnets []graph.Ref, to graph.Ref) graph.Ref {
	return graph.Add(g, network.RouteTable{
		RouteTables: network.RouteTables{API: s.EC2}, Meta: sandboxtest.Meta(graph.Join("route-table", side)), VPC: vpc,
		Subnets: subnets, Default: to,
	})
}

func (s *stage) meta(key graph.Key) graph.Meta {
	m := sandboxtest.Meta(key)
	m.Labels.Want["team"] = s.team
	if s.key != "" {
		m.Labels.Want[s.key] = "x"
	}
	return m
}

// note is the launch template's note.
func (s *stage) note() string {
	s.Helper()
	templates, err := compute.LaunchTemplates{API: s.EC2}.List(s.Context(), &graph.Look{Owner: sandboxtest.Owner})
	if err != nil || len(templates) != 1 {
		s.Fatalf("want one launch template, got %v, %v", templates, err)
	}
	return templates[0].Tags[compute.TagNote]
}

// group is the Auto Scaling group as AWS describes it.
func (s *stage) group() types.AutoScalingGroup {
	s.Helper()
	out, err := s.AutoScaling.DescribeAutoScalingGroups(s.Context(), &autoscaling.DescribeAutoScalingGroupsInput{})
	if err != nil || len(out.AutoScalingGroups) != 1 {
		s.Fatalf("want one group, got %+v, %v", out, err)
	}
	return out.AutoScalingGroups[0]
}

// versions are the template versions that the group's instances in service run.
func (s *stage) versions() []string {
	s.Helper()
	var all []string
	for _, instance := range s.group().Instances {
		if instance.LifecycleState == types.LifecycleStateInService {
			all = append(all, aws.ToString(instance.LaunchTemplate.Version))
		}
	}
	return all
}
