package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
	"provision/pkg/sandbox"
)

const testRegion = "eu-west-1"

// stage is one region of a sandbox, with the real SDK client and the real engine.
type stage struct {
	*testing.T
	sandbox *sandbox.Sandbox
	ec2     *ec2.Client
	engine  *graph.Engine
	nonces  atomic.Int32
}

// newStage needs to be called in a bubble of testing/synctest, where AWS's durations pass at once.
func newStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	s := &stage{T: t, sandbox: sandbox.New(o)}
	c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: s.sandbox, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.ec2 = c.Region(testRegion).EC2
	s.engine = &graph.Engine{
		Owner: testOwner, Journal: &graphtest.Memory{}, Classify: cloud.Classify,
		NewNonce: func() string { return fmt.Sprintf("01JTESTNONCE%014d", s.nonces.Add(1)) },
	}
	return s
}

// graph has every kind of this package, and what build adds.
func (s *stage) graph(build func(*graph.Graph)) *graph.Graph {
	g := graph.New(testRegion)
	graph.AddKind(g, NATGateways{s.ec2})
	graph.AddKind(g, VPCEndpoints{s.ec2})
	graph.AddKind(g, ElasticIPs{s.ec2}, "nat-gateway")
	graph.AddKind(g, Subnets{s.ec2}, "nat-gateway", "vpc-endpoint")
	graph.AddKind(g, SecurityGroups{s.ec2}, "vpc-endpoint")
	graph.AddKind(g, InternetGateways{s.ec2}, "nat-gateway")
	graph.AddKind(g, RouteTables{s.ec2}, "subnet", "vpc-endpoint")
	graph.AddKind(g, VPCs{s.ec2}, "subnet", "route-table", "security-group", "internet-gateway", "vpc-endpoint")
	build(g)
	return g
}

func (s *stage) plan(build func(*graph.Graph)) *graph.Plan {
	s.Helper()
	plan, err := s.engine.Plan(s.Context(), s.graph(build))
	if err != nil {
		s.Fatal(err)
	}
	return plan
}

// up applies, and checks that nothing differs afterwards.
func (s *stage) up(build func(*graph.Graph)) {
	s.Helper()
	if err := s.engine.Apply(s.Context(), s.plan(build)); err != nil {
		s.Fatal(err)
	}
	if got := differences(s.plan(build)); len(got) > 0 {
		s.Errorf("after up there differs still:\n%s", strings.Join(got, "\n"))
	}
}

func (s *stage) down() error {
	s.Helper()
	removal, err := s.engine.PlanRemoval(s.Context(), s.graph(func(*graph.Graph) {}))
	if err != nil {
		s.Fatal(err)
	}
	return s.engine.Remove(s.Context(), removal)
}

// left is what the owner still has, whatever the journal knows.
func (s *stage) left() []string {
	s.Helper()
	engine := *s.engine
	engine.Journal = &graphtest.Memory{}
	removal, err := engine.PlanRemoval(s.Context(), s.graph(func(*graph.Graph) {}))
	if err != nil {
		s.Fatal(err)
	}
	var keys []string
	for _, step := range removal.Steps {
		keys = append(keys, string(step.Key))
	}
	slices.Sort(keys)
	return keys
}

// id is the ID of a resource that is there.
func (s *stage) id(key graph.Key) string {
	s.Helper()
	for _, e := range s.engine.Journal.Entries() {
		if e.Key == key {
			return e.ID
		}
	}
	s.Fatalf("%s is not in the journal", key)
	return ""
}

// differences are a plan's actions and changes, one a line.
func differences(plan *graph.Plan) []string {
	var lines []string
	for _, step := range plan.Changed() {
		line := fmt.Sprintf("%s %s", step.Action, step.Key)
		for _, c := range step.Changes {
			line += "; " + c.Field
		}
		lines = append(lines, line)
	}
	return lines
}

// writes are the calls so far that may have changed something, by name.
func (s *stage) writes() map[string]int {
	counts := map[string]int{}
	for _, c := range s.sandbox.Calls() {
		if c.Mutating {
			counts[c.Action]++
		}
	}
	return counts
}

// network builds a small but whole network: one zone, all kinds.
func (s *stage) network(g *graph.Graph) { s.zones(g, "a") }

// more is the same network with a second zone and another open port.
func (s *stage) more(g *graph.Graph) { s.zones(g, "a", "b") }

func (s *stage) zones(g *graph.Graph, zones ...string) {
	vpc := graph.Add(g, VPC{VPCs{s.ec2}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
	igw := graph.Add(g, InternetGateway{InternetGateways{s.ec2}, meta("internet-gateway"), vpc})
	var public, private, tables []graph.Ref
	for i, zone := range zones {
		subnet := func(side string, block int) graph.Ref {
			return graph.Add(g, Subnet{
				Subnets{s.ec2},
				meta(graph.Join("subnet", side+"-"+zone)), vpc, fmt.Sprintf("euw1-az%d", i+1),
				netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 1, byte(block), 0}), 24),
			})
		}
		public = append(public, subnet("public", i))
		private = append(private, subnet("private", 16+i))
		address := graph.Add(g, ElasticIP{ElasticIPs{s.ec2}, meta(graph.Join("elastic-ip", zone))})
		nat := graph.Add(g, NATGateway{
			NATGateways{s.ec2}, meta(graph.Join("nat-gateway", zone)), public[i], address, igw,
		})
		tables = append(tables, graph.Add(g, RouteTable{
			RouteTables{s.ec2}, meta(graph.Join("route-table", "private-"+zone)), vpc, private[i : i+1], nat,
		}))
	}
	graph.Add(g, RouteTable{RouteTables{s.ec2}, meta("route-table/public"), vpc, public, igw})
	graph.Add(g, GatewayEndpoint{
		VPCEndpoints{s.ec2}, meta("vpc-endpoint/s3"), vpc, ServiceName(testRegion, "s3"), tables,
	})
	graph.Add(g, InterfaceEndpoint{
		VPCEndpoints{s.ec2}, meta("vpc-endpoint/ssm"), vpc, ServiceName(testRegion, "ssm"), private, s.groups(g, vpc, len(zones)),
	})
}

// groups adds the three security groups; the load balancer's has as many ports as asked for.
func (s *stage) groups(g *graph.Graph, vpc graph.Ref, ports int) (endpoint graph.Ref) {
	var rules []Rule
	for i := range ports {
		rules = append(rules, Rule{Port: int32(80 + i), CIDR: netip.MustParsePrefix("0.0.0.0/0")})
	}
	alb := graph.Add(g, SecurityGroup{
		SecurityGroups{s.ec2}, meta("security-group/alb"), vpc, "web-alb", "load balancer", rules,
	})
	app := graph.Add(g, SecurityGroup{
		SecurityGroups{s.ec2}, meta("security-group/app"), vpc, "web-app", "instances", []Rule{{Port: 80, Group: alb}},
	})
	return graph.Add(g, SecurityGroup{
		SecurityGroups{s.ec2}, meta("security-group/endpoint"), vpc, "web-endpoint", "endpoints", []Rule{{Port: 443, Group: app}},
	})
}
