package lb_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/network"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

const name = "provision-web"

// stage has a network for load balancers, and settings that a test may change between two runs.
type stage struct {
	*sandboxtest.Stage
	zones    int
	health   lb.HealthCheck
	drain    time.Duration
	redirect bool
}

func newStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	s := &stage{
		Stage: sandboxtest.New(t, o), zones: 2, drain: 30 * time.Second,
		health: lb.HealthCheck{Path: "/", Interval: 10 * time.Second, Healthy: 2, Unhealthy: 2},
	}
	keepers := &network.Keepers{Region: sandboxtest.Region, EC2: s.EC2, Balancer: s.ELB}
	s.Kinds = func(g *graph.Graph) {
		graph.AddKind(g, lb.LoadBalancers{API: s.ELB, Name: name})
		graph.AddKind(g, lb.Listeners{API: s.ELB, Name: name}, "load-balancer")
		graph.AddKind(g, lb.TargetGroups{API: s.ELB, Name: name}, "load-balancer", "listener")
		graph.AddKind(g, network.Subnets{API: s.EC2, Keepers: keepers}, "load-balancer")
		graph.AddKind(g, network.SecurityGroups{API: s.EC2, Keepers: keepers}, "load-balancer")
		graph.AddKind(g, network.InternetGateways{API: s.EC2, Keepers: keepers}, "load-balancer")
		graph.AddKind(g, network.VPCs{API: s.EC2, Keepers: keepers}, "subnet", "security-group", "internet-gateway")
	}
	return s
}

func (s *stage) build(g *graph.Graph) {
	vpc := graph.Add(g, network.VPC{
		VPCs: network.VPCs{API: s.EC2}, Meta: sandboxtest.Meta("vpc"), CIDR: netip.MustParsePrefix("10.1.0.0/16"),
	})
	internet := graph.Add(g, network.InternetGateway{
		InternetGateways: network.InternetGateways{API: s.EC2}, Meta: sandboxtest.Meta("internet-gateway"), VPC: vpc,
	})
	group := graph.Add(g, network.SecurityGroup{
		SecurityGroups: network.SecurityGroups{API: s.EC2}, Meta: sandboxtest.Meta("security-group/alb"), VPC: vpc,
		GroupName: name, Description: "load balancer",
	})
	var subnets []graph.Ref
	for i := range s.zones {
		subnets = append(subnets, graph.Add(g, network.Subnet{
			Subnets: network.Subnets{API: s.EC2}, Meta: sandboxtest.Meta(graph.Key(fmt.Sprintf("subnet/%d", i))), VPC: vpc,
			ZoneID: fmt.Sprintf("euw1-az%d", i+1), CIDR: netip.MustParsePrefix(fmt.Sprintf("10.1.%d.0/24", i)),
		}))
	}
	balancer := graph.Add(g, lb.LoadBalancer{
		LoadBalancers: lb.LoadBalancers{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("load-balancer"),
		Subnets: subnets, SecurityGroup: group, Internet: internet,
	})
	targets := graph.Add(g, lb.TargetGroup{
		TargetGroups: lb.TargetGroups{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("target-group"),
		VPC: vpc, Port: 80, Health: s.health, Drain: s.drain,
	})
	listener := lb.Listener{
		Listeners: lb.Listeners{API: s.ELB, Name: name}, Meta: sandboxtest.Meta("listener/http"),
		LoadBalancer: balancer, TargetGroup: targets, Port: 80,
	}
	if s.redirect {
		listener.TargetGroup, listener.RedirectTo = graph.Ref{}, 443
	}
	graph.Add(g, listener)
}

// theirVPC is a VPC that does not belong to the stack.
func (s *stage) theirVPC() string {
	s.Helper()
	out, err := s.EC2.CreateVpc(s.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")})
	if err != nil {
		s.Fatal(err)
	}
	return aws.ToString(out.Vpc.VpcId)
}

func ignoreUnexported() cmp.Option {
	return cmpopts.IgnoreUnexported(types.TargetGroup{}, types.Matcher{})
}
