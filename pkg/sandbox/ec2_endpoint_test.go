package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

func TestGatewayEndpoint(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		table := w.table(vpc)
		in := ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), RouteTableIds: []string{table}}
		id := w.endpoint(in)
		if got := w.endpointState(id); got != "available" {
			t.Errorf("a new gateway endpoint is %s", got)
		}
		if n := w.routes(table); n != 2 {
			t.Errorf("%d routes with the endpoint's", n)
		}
		_, err := w.CreateVpcEndpoint(w.Context(), &in)
		w.refused(err, "RouteAlreadyExists")
		out, err := w.DeleteVpcEndpoints(w.Context(), &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id, "vpce-1"}})
		w.check(err)
		if len(out.Unsuccessful) != 1 || *out.Unsuccessful[0].Error.Code != "InvalidVpcEndpointId.NotFound" {
			t.Errorf("unsuccessful: %v", out.Unsuccessful)
		}
		if n := w.routes(table); n != 1 {
			t.Errorf("%d routes after the endpoint's deletion", n)
		}
		time.Sleep(5 * time.Second)
		_, err = w.DescribeVpcEndpoints(w.Context(), &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}})
		w.refused(err, "InvalidVpcEndpointId.NotFound")
	})
}

func TestInterfaceEndpoint(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		a, b := w.subnet(vpc, "10.0.0.0/24", "a"), w.subnet(vpc, "10.0.1.0/24", "b")
		in := ec2.CreateVpcEndpointInput{
			VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"), VpcEndpointType: types.VpcEndpointTypeInterface,
			SubnetIds: []string{a, b}, SecurityGroupIds: []string{w.group(vpc, "endpoint")}, PrivateDnsEnabled: aws.Bool(true),
		}
		_, err := w.CreateVpcEndpoint(w.Context(), &in)
		w.refused(err, "InvalidParameter") // the VPC has no DNS hostnames
		w.names(vpc)
		id := w.endpoint(in)
		if got := w.endpointState(id); got != "pending" {
			t.Errorf("a new interface endpoint is %s", got)
		}
		_, err = w.CreateVpcEndpoint(w.Context(), &in)
		w.refused(err, "InvalidParameter") // the name is taken
		time.Sleep(time.Minute)
		if got := w.endpointState(id); got != "available" {
			t.Errorf("after a minute the endpoint is %s", got)
		}
		held, err := w.DescribeNetworkInterfaces(w.Context(), &ec2.DescribeNetworkInterfacesInput{
			Filters: filter("interface-type", "vpc_endpoint"),
		})
		w.check(err)
		if len(held.NetworkInterfaces) != 2 || !*held.NetworkInterfaces[0].RequesterManaged {
			t.Errorf("its interfaces: %v", held.NetworkInterfaces)
		}
		_, err = w.DeleteVpcEndpoints(w.Context(), &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{id}})
		w.check(err)
		if got := w.endpointState(id); got != "deleting" {
			t.Errorf("an endpoint that was deleted is %s", got)
		}
		time.Sleep(90 * time.Second)
		held, err = w.DescribeNetworkInterfaces(w.Context(), &ec2.DescribeNetworkInterfacesInput{Filters: filter("vpc-id", vpc)})
		w.check(err)
		if len(held.NetworkInterfaces) != 0 {
			t.Errorf("left interfaces: %v", held.NetworkInterfaces)
		}
	})
}

func TestEndpointRefusals(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		w.names(vpc)
		a, twin := w.subnet(vpc, "10.0.0.0/24", "a"), w.subnet(vpc, "10.0.1.0/24", "a")
		for _, test := range []struct {
			name, code string
			in         ec2.CreateVpcEndpointInput
		}{
			{"no such service", "InvalidServiceName", ec2.CreateVpcEndpointInput{ServiceName: aws.String("com.amazonaws.eu-west-1.nosuch")}},
			{"another region's service", "InvalidServiceName", ec2.CreateVpcEndpointInput{ServiceName: aws.String("com.amazonaws.us-east-1.s3")}},
			{"gateway for ssm", "InvalidParameter", ec2.CreateVpcEndpointInput{ServiceName: aws.String("com.amazonaws.eu-west-1.ssm")}},
			{"two subnets of a zone", "DuplicateSubnetsInSameZone", ec2.CreateVpcEndpointInput{
				ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"), VpcEndpointType: types.VpcEndpointTypeInterface,
				SubnetIds: []string{a, twin},
			}},
			{"no such table", "InvalidRouteTableID.NotFound", ec2.CreateVpcEndpointInput{
				ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), RouteTableIds: []string{"rtb-1"},
			}},
			{"no such group", "InvalidGroup.NotFound", ec2.CreateVpcEndpointInput{
				ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"), VpcEndpointType: types.VpcEndpointTypeInterface,
				SubnetIds: []string{a}, SecurityGroupIds: []string{"sg-1"},
			}},
		} {
			test.in.VpcId = &vpc
			_, err := w.CreateVpcEndpoint(w.Context(), &test.in)
			if got := code(t, err); got != test.code {
				t.Errorf("%s: %q, want %q", test.name, got, test.code)
			}
		}
	})
}

// endpointState is in lower case, as EC2 answers it whatever the SDK's constants say.
func (w world) endpointState(id string) string {
	w.Helper()
	out, err := w.DescribeVpcEndpoints(w.Context(), &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{id}})
	w.check(err)
	return string(out.VpcEndpoints[0].State)
}

func (w world) routes(table string) int {
	w.Helper()
	out, err := w.DescribeRouteTables(w.Context(), &ec2.DescribeRouteTablesInput{RouteTableIds: []string{table}})
	w.check(err)
	return len(out.RouteTables[0].Routes)
}

func TestModifyEndpoint(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		vpc := w.vpc("10.0.0.0/16")
		table := w.table(vpc)
		id := w.endpoint(ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.s3")})
		_, err := w.ModifyVpcEndpoint(w.Context(), &ec2.ModifyVpcEndpointInput{VpcEndpointId: &id, AddRouteTableIds: []string{table}})
		w.check(err)
		if n := w.routes(table); n != 2 {
			t.Errorf("%d routes after adding the table", n)
		}
		_, err = w.ModifyVpcEndpoint(w.Context(), &ec2.ModifyVpcEndpointInput{VpcEndpointId: &id, RemoveRouteTableIds: []string{table}})
		w.check(err)
		if n := w.routes(table); n != 1 {
			t.Errorf("%d routes after removing the table", n)
		}
	})
}
