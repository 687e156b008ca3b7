package stack

import (
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/network"
)

// egress adds the private subnets' way out and returns the resources that must be ready for it to work. A route table
// needs a NAT gateway only for its route, so that tables and associations are created while the gateway is pending.
func (t topology) egress(vpc, internet graph.Ref, zones []zone) []graph.Ref {
	var tables []graph.Ref
	switch t.settings.Network.NAT {
	case config.NATPerAZ:
		for _, z := range zones {
			nat := t.natGateway(z, internet)
			tables = append(tables, t.routeTable("private-"+z.letter, vpc, nat, z.private))
		}
	case config.NATSingle:
		nat := t.natGateway(zones[0], internet)
		for _, z := range zones {
			tables = append(tables, t.routeTable("private-"+z.letter, vpc, nat, z.private))
		}
	case config.NATRegional:
		nat := graph.Add(t.graph, network.RegionalNATGateway{
			NATGateways: of(t, network.NATGatewayKind), Meta: t.meta("nat-gateway/regional"), VPC: vpc, Internet: internet,
		})
		for _, z := range zones {
			tables = append(tables, t.routeTable("private-"+z.letter, vpc, nat, z.private))
		}
	case config.NATNone:
		for _, z := range zones {
			tables = append(tables, t.routeTable("private-"+z.letter, vpc, graph.Ref{}, z.private))
		}
	}
	return tables
}

func (t topology) natGateway(z zone, internet graph.Ref) graph.Ref {
	address := graph.Add(t.graph, network.ElasticIP{
		ElasticIPs: of(t, network.ElasticIPKind), Meta: t.meta(graph.Join("elastic-ip", z.letter)),
	})
	return graph.Add(t.graph, network.NATGateway{
		NATGateways: of(t, network.NATGatewayKind), Meta: t.meta(graph.Join("nat-gateway", z.letter)),
		Subnet: z.public, Address: address, Internet: internet,
	})
}

// endpoints are the ways to AWS's own services that need no NAT gateway. The packages of Amazon Linux come from S3:
// with no NAT gateway, that endpoint is the egress that instances wait for.
func (t topology) endpoints(vpc graph.Ref, zones []zone, groups groups, tables []graph.Ref) []graph.Ref {
	if t.settings.Endpoints.SSM == config.EndpointInterface {
		for _, service := range []string{"ssm", "ssmmessages"} {
			graph.Add(t.graph, network.InterfaceEndpoint{
				VPCEndpoints: of(t, network.VPCEndpointKind), Meta: t.meta(graph.Join("vpc-endpoint", service)), VPC: vpc,
				Service: network.ServiceName(t.region, service), Subnets: privateOf(zones), SecurityGroup: groups.endpoint,
				Group: t.graph.Ref(groupKey),
			})
		}
	}
	if t.settings.Endpoints.S3 != config.EndpointGateway {
		return nil
	}
	s3 := graph.Add(t.graph, network.GatewayEndpoint{
		VPCEndpoints: of(t, network.VPCEndpointKind), Meta: t.meta("vpc-endpoint/s3"), VPC: vpc,
		Service: network.ServiceName(t.region, "s3"), RouteTables: tables, Group: t.graph.Ref(groupKey),
	})
	return []graph.Ref{s3}
}
