package preflight

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/kinds"
	"provision/pkg/stack"
)

// deletion tries to delete one thing of a kind.
type deletion func(ctx context.Context, api *ec2.Client, id string) error

// deletions are the calls of removals that EC2 can try without making them, by action.
var deletions = map[string]deletion{
	"ec2:DeleteVpc": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteVpc(ctx, &ec2.DeleteVpcInput{DryRun: aws.Bool(true), VpcId: aws.String(id)})
		return err
	},
	"ec2:DeleteSubnet": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{DryRun: aws.Bool(true), SubnetId: aws.String(id)})
		return err
	},
	"ec2:DeleteRouteTable": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteRouteTable(ctx, &ec2.DeleteRouteTableInput{DryRun: aws.Bool(true), RouteTableId: aws.String(id)})
		return err
	},
	"ec2:DeleteSecurityGroup": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{DryRun: aws.Bool(true), GroupId: aws.String(id)})
		return err
	},
	"ec2:DeleteInternetGateway": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{DryRun: aws.Bool(true), InternetGatewayId: aws.String(id)})
		return err
	},
	"ec2:DeleteNatGateway": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{DryRun: aws.Bool(true), NatGatewayId: aws.String(id)})
		return err
	},
	"ec2:ReleaseAddress": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{DryRun: aws.Bool(true), AllocationId: aws.String(id)})
		return err
	},
	"ec2:DeleteVpcEndpoints": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteVpcEndpoints(ctx, &ec2.DeleteVpcEndpointsInput{DryRun: aws.Bool(true), VpcEndpointIds: []string{id}})
		return err
	},
	"ec2:DeleteLaunchTemplate": func(ctx context.Context, api *ec2.Client, id string) error {
		_, err := api.DeleteLaunchTemplate(ctx, &ec2.DeleteLaunchTemplateInput{DryRun: aws.Bool(true), LaunchTemplateId: aws.String(id)})
		return err
	},
}

// removals are the deletions of a removal that can be tried, on one thing of each kind.
func removals(part *stack.RemovalPart) map[string]dryRun {
	all := map[string]dryRun{}
	for _, step := range part.Removal.Steps {
		for _, action := range kinds.Of(step).Writes.Delete {
			if try, can := deletions[action]; can {
				all[action] = func(ctx context.Context, api *ec2.Client) error { return try(ctx, api, step.ID) }
			}
		}
	}
	return all
}
