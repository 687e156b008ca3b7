package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var endpointBehaviours = []behaviour{
	{"2 interface endpoints, one service, private DNS", "InvalidParameter", func(w *world) string {
		in := w.interfaceEndpoint()
		do(w, w.ec2.CreateVpcEndpoint, in)
		return try(w, w.ec2.CreateVpcEndpoint, in)
	}},
	{"interface endpoint State in create reply", "pending", func(w *world) string {
		return string(do(w, w.ec2.CreateVpcEndpoint, w.interfaceEndpoint()).VpcEndpoint.State)
	}},
	{"gateway endpoint State in create reply", "available", func(w *world) string {
		return string(w.gatewayEndpoint(w.vpc()).State)
	}},
	{"endpoint for a service that does not exist", "InvalidServiceName", func(w *world) string {
		return try(w, w.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
			VpcId: w.vpc(), ServiceName: aws.String("com.amazonaws." + home + ".none"),
		})
	}},
	{"CreateVpcEndpoint ClientToken replay", "same id", func(w *world) string {
		in := w.interfaceEndpoint()
		in.ClientToken = aws.String("token")
		first := do(w, w.ec2.CreateVpcEndpoint, in).VpcEndpoint.VpcEndpointId
		again, err := w.ec2.CreateVpcEndpoint(w.ctx, in)
		if err != nil {
			return outcome(err)
		}
		return sameID(first, again.VpcEndpoint.VpcEndpointId)
	}},
	{"delete an endpoint that does not exist", "listed as unsuccessful", func(w *world) string {
		out := do(w, w.ec2.DeleteVpcEndpoints, &ec2.DeleteVpcEndpointsInput{
			VpcEndpointIds: []string{"vpce-0123456789abcdef0"},
		})
		if len(out.Unsuccessful) == 1 {
			return "listed as unsuccessful"
		}
		return "listed as deleted"
	}},
}

func (w *world) gatewayEndpoint(vpc *string) *types.VpcEndpoint {
	return do(w, w.ec2.CreateVpcEndpoint, &ec2.CreateVpcEndpointInput{
		VpcId: vpc, ServiceName: aws.String("com.amazonaws." + home + ".s3"),
		VpcEndpointType: types.VpcEndpointTypeGateway,
	}).VpcEndpoint
}

// interfaceEndpoint asks for an endpoint of Systems Manager with a private name, in a new VPC that resolves names.
func (w *world) interfaceEndpoint() *ec2.CreateVpcEndpointInput {
	vpc := w.vpc()
	do(w, w.ec2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{
		VpcId: vpc, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	return &ec2.CreateVpcEndpointInput{
		VpcId: vpc, ServiceName: aws.String("com.amazonaws." + home + ".ssm"), PrivateDnsEnabled: aws.Bool(true),
		VpcEndpointType: types.VpcEndpointTypeInterface, SubnetIds: []string{*w.subnet(vpc, 0, "a")},
	}
}
