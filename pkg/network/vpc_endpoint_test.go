package network

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

func TestEndpointDiff(t *testing.T) {
	ref := existing(t, map[graph.Key]string{
		"vpc": "vpc-1", "route-table/a": "rtb-1", "route-table/b": "",
		"subnet/a": "subnet-1", "subnet/b": "subnet-2", "security-group/endpoint": "sg-1",
	})
	s3 := GatewayEndpoint{
		Meta: meta("vpc-endpoint/s3"), VPC: ref("vpc"), Service: ServiceName("eu-west-1", "s3"),
		RouteTables: []graph.Ref{ref("route-table/a")},
	}
	more := but(s3, func(r *GatewayEndpoint) {
		r.RouteTables = []graph.Ref{ref("route-table/a"), ref("route-table/b")}
	})
	ssm := InterfaceEndpoint{
		Meta: meta("vpc-endpoint/ssm"), VPC: ref("vpc"), Service: ServiceName("eu-west-1", "ssm"),
		Subnets: []graph.Ref{ref("subnet/a"), ref("subnet/b")}, SecurityGroup: ref("security-group/endpoint"),
	}
	gateway := VPCEndpointState{
		Identity: graph.Identity{ID: "vpce-1", Tags: ownTags("vpc-endpoint/s3")}, VPCID: "vpc-1",
		Service: "com.amazonaws.eu-west-1.s3", Type: types.VpcEndpointTypeGateway, State: "available",
		RouteTables: []string{"rtb-1"},
	}
	private := VPCEndpointState{
		Identity: graph.Identity{ID: "vpce-2", Tags: ownTags("vpc-endpoint/ssm")}, VPCID: "vpc-1",
		Service: "com.amazonaws.eu-west-1.ssm", Type: types.VpcEndpointTypeInterface, State: "pending",
		Subnets: []string{"subnet-2", "subnet-1"}, Groups: []string{"sg-1"}, PrivateDNS: true,
	}
	checkDiffs(t, map[string]diffCase[VPCEndpointState]{
		"gateway as wanted":   {s3, gateway, nil},
		"interface as wanted": {ssm, private, nil},
		"a table that is not there yet": {
			more, gateway,
			[]graph.Change{{Field: "routeTableIds", From: "rtb-1", To: "route-table/b,rtb-1", After: "route-table/b"}},
		},
		"subnet lost, group added, DNS off": {
			ssm, but(private, func(o *VPCEndpointState) {
				o.Subnets, o.Groups, o.PrivateDNS = []string{"subnet-1"}, []string{"sg-1", "sg-9"}, false
			}),
			[]graph.Change{
				{Field: "subnetIds", From: "subnet-1", To: "subnet-1,subnet-2"},
				{Field: "securityGroupIds", From: "sg-1,sg-9", To: "sg-1"},
				{Field: "privateDnsEnabled", From: "false", To: "true"},
			},
		},
		"of another service and kind": {
			s3, but(gateway, func(o *VPCEndpointState) {
				o.Service, o.Type = "com.amazonaws.eu-west-1.dynamodb", types.VpcEndpointTypeInterface
			}),
			[]graph.Change{
				{
					Field: "serviceName", From: "com.amazonaws.eu-west-1.dynamodb", To: "com.amazonaws.eu-west-1.s3",
					Fixed: "fixed",
				},
				{Field: "vpcEndpointType", From: "Interface", To: "Gateway", Fixed: "fixed"},
			},
		},
	})
}

func TestUnsuccessful(t *testing.T) {
	item := func(code string) types.UnsuccessfulItem {
		return types.UnsuccessfulItem{
			ResourceId: aws.String("vpce-1"), Error: &types.UnsuccessfulItemError{Code: aws.String(code)},
		}
	}
	for name, tc := range map[string]struct {
		items []types.UnsuccessfulItem
		class graph.Class
		code  string
	}{
		"all deleted": {nil, graph.Fatal, ""},
		"not there":   {[]types.UnsuccessfulItem{item("InvalidVpcEndpointId.NotFound")}, graph.NotFound, "InvalidVpcEndpointId.NotFound"},
		"held":        {[]types.UnsuccessfulItem{item("DependencyViolation")}, graph.Held, "DependencyViolation"},
	} {
		t.Run(name, func(t *testing.T) {
			err := unsuccessful(tc.items)["vpce-1"]
			if got := cloud.Code(err); got != tc.code {
				t.Errorf("code %q, want %q", got, tc.code)
			}
			if got := cloud.Classify(err); got != tc.class {
				t.Errorf("class %d, want %d", got, tc.class)
			}
		})
	}
}
