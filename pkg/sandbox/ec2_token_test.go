package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

func TestClientToken(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(w world, vpc, subnet, address, token, variant string) (string, error)
	}{
		{"route table", func(w world, vpc, _, _, token, variant string) (string, error) {
			in := &ec2.CreateRouteTableInput{VpcId: &vpc, ClientToken: &token}
			if variant != "" {
				in.VpcId = &variant
			}
			out, err := w.CreateRouteTable(w.Context(), in)
			if err != nil {
				return "", err
			}
			return *out.RouteTable.RouteTableId, nil
		}},
		{"NAT gateway", func(w world, _, subnet, address, token, variant string) (string, error) {
			in := &ec2.CreateNatGatewayInput{SubnetId: &subnet, AllocationId: &address, ClientToken: &token}
			if variant != "" {
				in.SubnetId = &variant
			}
			out, err := w.CreateNatGateway(w.Context(), in)
			if err != nil {
				return "", err
			}
			return *out.NatGateway.NatGatewayId, nil
		}},
		{"endpoint", func(w world, vpc, _, _, token, variant string) (string, error) {
			in := &ec2.CreateVpcEndpointInput{VpcId: &vpc, ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), ClientToken: &token}
			if variant != "" {
				in.VpcId = &variant
			}
			out, err := w.CreateVpcEndpoint(w.Context(), in)
			if err != nil {
				return "", err
			}
			return *out.VpcEndpoint.VpcEndpointId, nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			inWorld(t, sandbox.Options{}, func(w world) {
				vpc := w.vpc("10.0.0.0/16")
				subnet, address := w.subnet(vpc, "10.0.0.0/24", "a"), w.address()
				first, err := test.make(w, vpc, subnet, address, "token", "")
				w.check(err)
				time.Sleep(time.Minute)
				again, err := test.make(w, vpc, subnet, address, "token", "")
				w.check(err)
				if again != first {
					t.Errorf("a repeated token made %s after %s", again, first)
				}
				_, err = test.make(w, vpc, subnet, address, "token", "other")
				w.refused(err, "IdempotentParameterMismatch")
			})
		})
	}
}

// A token outlives what it made: its repetition answers with what is gone.
func TestClientTokenAfterDeletion(t *testing.T) {
	inWorld(t, sandbox.Options{}, func(w world) {
		in := &ec2.CreateRouteTableInput{VpcId: aws.String(w.vpc("10.0.0.0/16")), ClientToken: aws.String("token")}
		first, err := w.CreateRouteTable(w.Context(), in)
		w.check(err)
		_, err = w.DeleteRouteTable(w.Context(), &ec2.DeleteRouteTableInput{RouteTableId: first.RouteTable.RouteTableId})
		w.check(err)
		again, err := w.CreateRouteTable(w.Context(), in)
		w.check(err)
		if *again.RouteTable.RouteTableId != *first.RouteTable.RouteTableId {
			t.Errorf("a second route table, %s", *again.RouteTable.RouteTableId)
		}
		time.Sleep(25 * time.Hour)
		fresh, err := w.CreateRouteTable(w.Context(), in)
		w.check(err)
		if *fresh.RouteTable.RouteTableId == *first.RouteTable.RouteTableId {
			t.Error("the token is remembered for more than a day")
		}
	})
}
