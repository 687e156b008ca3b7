package network

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"provision/pkg/graph"
)

// An edge too many costs a round trip, and one too few an error.
func TestNeeds(t *testing.T) {
	ref := existing(t, map[graph.Key]string{})
	vpc, igw, subnet, nat := ref("vpc"), ref("internet-gateway"), ref("subnet/a"), ref("nat-gateway/a")
	alb := ref("security-group/alb")
	for name, tc := range map[string]struct {
		of   interface{ Needs() []graph.Need }
		want []graph.Need
	}{
		"vpc":        {VPC{}, nil},
		"elastic IP": {ElasticIP{}, nil},
		"subnet":     {Subnet{VPC: vpc}, []graph.Need{vpc.Made()}},
		"internet gateway": {
			InternetGateway{VPC: vpc}, []graph.Need{vpc.Made().ThenUpdate()},
		},
		"NAT gateway": {
			NATGateway{Subnet: subnet, Address: ref("elastic-ip/a"), Internet: igw},
			[]graph.Need{subnet.Made(), ref("elastic-ip/a").Made(), igw.Ready()},
		},
		"regional NAT gateway": {
			RegionalNATGateway{VPC: vpc, Internet: igw}, []graph.Need{vpc.Made(), igw.Ready()},
		},
		"route table": {
			RouteTable{VPC: vpc, Subnets: []graph.Ref{subnet}, Default: nat},
			[]graph.Need{vpc.Made(), subnet.Made().ThenUpdate(), nat.Ready().ThenUpdate()},
		},
		"isolated route table": {RouteTable{VPC: vpc}, []graph.Need{vpc.Made()}},
		"security group": {
			SecurityGroup{
				Meta: meta("security-group/app"), VPC: vpc,
				Ingress: []Rule{{Port: 80, Group: alb}, {Port: 81, Group: ref("security-group/app")}},
			},
			[]graph.Need{vpc.Made(), alb.Made().ThenUpdate()},
		},
		"gateway endpoint": {
			GatewayEndpoint{VPC: vpc, RouteTables: []graph.Ref{ref("route-table/a")}},
			[]graph.Need{ref("route-table/a").Made(), ref("route-table/a").Made().ThenUpdate(), vpc.Made()},
		},
		"interface endpoint": {
			InterfaceEndpoint{VPC: vpc, Subnets: []graph.Ref{subnet}, SecurityGroup: alb},
			[]graph.Need{
				subnet.Made(), subnet.Made().ThenUpdate(), alb.Made(), alb.Made().ThenUpdate(), vpc.Ready(),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.of.Needs(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("Needs() (-want +got):\n%s", diff)
			}
		})
	}
}
