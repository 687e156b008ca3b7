package sandbox_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/sandbox"
)

// A call that builds on a new resource is refused, in each service's own words, until the news has spread.
func TestUseLag(t *testing.T) {
	const lag = 3 * time.Second
	inWorld(t, sandbox.Options{UseLag: lag}, func(w world) {
		cfg := awsConfig(w.sandbox, "eu-west-1")
		elb, access := elbv2.NewFromConfig(cfg), iam.NewFromConfig(cfg)
		id := w.vpc("10.0.0.0/16")
		subnet := &ec2.CreateSubnetInput{VpcId: &id, CidrBlock: aws.String("10.0.0.0/24")}
		targets := &elbv2.CreateTargetGroupInput{
			Name: aws.String("web"), VpcId: &id, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80),
		}
		refused(w.T, "InvalidVpcID.NotFound", w.CreateSubnet, subnet)
		refused(w.T, "ValidationError", elb.CreateTargetGroup, targets)
		time.Sleep(lag)
		do(w.T, w.CreateSubnet, subnet)
		do(w.T, elb.CreateTargetGroup, targets)

		table := do(w.T, w.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: &id}).RouteTable.RouteTableId
		gateway := do(w.T, w.CreateInternetGateway, &ec2.CreateInternetGatewayInput{}).InternetGateway.InternetGatewayId
		endpoint := &ec2.CreateVpcEndpointInput{
			VpcId: &id, ServiceName: aws.String("com.amazonaws.eu-west-1.ssm"), PrivateDnsEnabled: aws.Bool(true),
			VpcEndpointType: types.VpcEndpointTypeInterface,
		}
		time.Sleep(lag)
		do(w.T, w.AttachInternetGateway, &ec2.AttachInternetGatewayInput{VpcId: &id, InternetGatewayId: gateway})
		do(w.T, w.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{
			VpcId: &id, EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)},
		})
		route := &ec2.CreateRouteInput{
			RouteTableId: table, GatewayId: gateway, DestinationCidrBlock: aws.String("0.0.0.0/0"),
		}
		refused(w.T, "InvalidParameterValue", w.CreateRoute, route)
		refused(w.T, "InvalidParameter", w.CreateVpcEndpoint, endpoint)
		time.Sleep(lag)
		do(w.T, w.CreateRoute, route)
		do(w.T, w.CreateVpcEndpoint, endpoint)

		do(w.T, access.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("web"), AssumeRolePolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},` +
				`"Action":"sts:AssumeRole"}]}`)})
		attach := &iam.AttachRolePolicyInput{
			RoleName: aws.String("web"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
		}
		refused(w.T, "NoSuchEntity", access.AttachRolePolicy, attach)
		time.Sleep(lag)
		do(w.T, access.AttachRolePolicy, attach)
	})
}
