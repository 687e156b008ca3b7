package network

import (
	"fmt"
	"net/netip"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/sandbox/sandboxtest"
)

// stage has every kind of this package.
type stage struct {
	*sandboxtest.Stage
	keepers *Keepers
}

// newStage needs to be called in a bubble of testing/synctest, where AWS's durations pass at once.
func newStage(t *testing.T, o sandbox.Options) *stage {
	t.Helper()
	s := &stage{Stage: sandboxtest.New(t, o)}
	s.keepers = &Keepers{Region: sandboxtest.Region, EC2: s.EC2, Balancer: s.ELB}
	s.Kinds = func(g *graph.Graph) {
		graph.AddKind(g, NATGateways{s.EC2})
		graph.AddKind(g, VPCEndpoints{s.EC2})
		graph.AddKind(g, ElasticIPs{s.EC2}, "nat-gateway")
		graph.AddKind(g, Subnets{API: s.EC2, Keepers: s.keepers}, "nat-gateway", "vpc-endpoint")
		graph.AddKind(g, SecurityGroups{API: s.EC2, Keepers: s.keepers}, "vpc-endpoint")
		graph.AddKind(g, InternetGateways{API: s.EC2, Keepers: s.keepers}, "nat-gateway")
		graph.AddKind(g, RouteTables{s.EC2}, "subnet", "vpc-endpoint")
		graph.AddKind(g, VPCs{API: s.EC2, Keepers: s.keepers}, "subnet", "route-table", "security-group", "internet-gateway", "vpc-endpoint")
	}
	return s
}

// remove is Down where something is expected to stay.
func (s *stage) remove() error {
	s.Helper()
	g := graph.New(sandboxtest.Region)
	s.Kinds(g)
	removal, err := s.Engine.PlanRemoval(s.Context(), g)
	if err != nil {
		s.Fatal(err)
	}
	return s.Engine.Remove(s.Context(), removal)
}

// id is the ID of a resource that is there.
func (s *stage) id(key graph.Key) string {
	s.Helper()
	id := s.Journal.ID(key)
	if id == "" {
		s.Fatalf("%s is not in the journal", key)
	}
	return id
}

// network builds a small but whole network: one zone, all kinds.
func (s *stage) network(g *graph.Graph) { s.zones(g, "a") }

// more is the same network with a second zone and another open port.
func (s *stage) more(g *graph.Graph) { s.zones(g, "a", "b") }

func (s *stage) zones(g *graph.Graph, zones ...string) {
	vpc := graph.Add(g, VPC{VPCs{API: s.EC2, Keepers: s.keepers}, meta("vpc"), netip.MustParsePrefix("10.1.0.0/16")})
	igw := graph.Add(g, InternetGateway{InternetGateways{API: s.EC2, Keepers: s.keepers}, meta("internet-gateway"), vpc})
	var public, private, tables []graph.Ref
	for i, zone := range zones {
		subnet := func(side string, block int) graph.Ref {
			return graph.Add(g, Subnet{
				Subnets{API: s.EC2, Keepers: s.keepers},
				meta(graph.Join("subnet", side+"-"+zone)), vpc, fmt.Sprintf("euw1-az%d", i+1),
				netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 1, byte(block), 0}), 24),
			})
		}
		public = append(public, subnet("public", i))
		private = append(private, subnet("private", 16+i))
		address := graph.Add(g, ElasticIP{ElasticIPs{s.EC2}, meta(graph.Join("elastic-ip", zone))})
		nat := graph.Add(g, NATGateway{
			NATGateways{s.EC2}, meta(graph.Join("nat-gateway", zone)), public[i], address, igw,
		})
		tables = append(tables, graph.Add(g, RouteTable{
			RouteTables{s.EC2}, meta(graph.Join("route-table", "private-"+zone)), vpc, private[i : i+1], nat,
		}))
	}
	graph.Add(g, RouteTable{RouteTables{s.EC2}, meta("route-table/public"), vpc, public, igw})
	graph.Add(g, GatewayEndpoint{
		VPCEndpoints: VPCEndpoints{s.EC2}, Meta: meta("vpc-endpoint/s3"), VPC: vpc,
		Service: ServiceName(sandboxtest.Region, "s3"), RouteTables: tables,
	})
	graph.Add(g, InterfaceEndpoint{
		VPCEndpoints: VPCEndpoints{s.EC2}, Meta: meta("vpc-endpoint/ssm"), VPC: vpc,
		Service: ServiceName(sandboxtest.Region, "ssm"), Subnets: private, SecurityGroup: s.groups(g, vpc, len(zones)),
	})
}

// groups adds the three security groups; the load balancer's has as many ports as asked for.
func (s *stage) groups(g *graph.Graph, vpc graph.Ref, ports int) (endpoint graph.Ref) {
	var rules []Rule
	for i := range ports {
		rules = append(rules, Rule{Port: int32(80 + i), CIDR: netip.MustParsePrefix("0.0.0.0/0")})
	}
	add := func(name, description string, rules ...Rule) graph.Ref {
		return graph.Add(g, SecurityGroup{
			SecurityGroups: SecurityGroups{API: s.EC2, Keepers: s.keepers}, Meta: meta(graph.Join("security-group", name)), VPC: vpc,
			GroupName: "web-" + name, Description: description, Ingress: rules,
		})
	}
	alb := add("alb", "load balancer", rules...)
	app := add("app", "instances", Rule{Port: 80, Group: alb})
	return add("endpoint", "endpoints", Rule{Port: 443, Group: app})
}
