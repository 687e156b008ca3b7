package network

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// GuardDuty's runtime monitoring puts an endpoint and a security group into a VPC in which it sees instances, and leaves
// both there when the instances are gone. See "Runtime Monitoring" in its guide, and terraform-provider-aws#46953.
const (
	guardDutyService = ".guardduty-data"
	guardDutyGroup   = "GuardDutyManagedSecurityGroup-"
)

// GuardDuty is the start of the owner of a blocker that GuardDuty put into a VPC.
const GuardDuty = "Amazon GuardDuty"

func isGuardDuty(service string) bool { return strings.HasSuffix(service, guardDutyService) }

// guardDuty is the blocker for an interface of GuardDuty's endpoint. Its group has to go, too, when the endpoint is gone.
func (k *Keepers) guardDuty(i networkInterface, found keeper) graph.Blocker {
	remove := k.command("aws ec2 delete-vpc-endpoints --vpc-endpoint-ids " + found.ID)
	for _, id := range i.groups {
		if strings.HasPrefix(i.groupNames[id], guardDutyGroup) {
			remove += "; then, when it is gone, " + k.command("aws ec2 delete-security-group --group-id "+id)
		}
	}
	return graph.Blocker{
		ID: found.ID, Kind: keeperEndpoint, Owner: joined(GuardDuty, ownerText(found.Identity, i.account)), Remove: remove,
	}
}

// GuardDutyAPI removes what GuardDuty leaves in a VPC.
type GuardDutyAPI interface {
	ec2.DescribeVpcEndpointsAPIClient
	ec2.DescribeSecurityGroupsAPIClient
	DeleteVpcEndpoints(context.Context, *ec2.DeleteVpcEndpointsInput, ...func(*ec2.Options)) (*ec2.DeleteVpcEndpointsOutput, error)
	DeleteSecurityGroup(context.Context, *ec2.DeleteSecurityGroupInput, ...func(*ec2.Options)) (*ec2.DeleteSecurityGroupOutput, error)
}

// RemoveGuardDutyEndpoints starts the deletion of GuardDuty's endpoints in a VPC; their interfaces go some time later.
func RemoveGuardDutyEndpoints(ctx context.Context, api GuardDutyAPI, vpcID string) error {
	all, err := endpointKeepers(ctx, api, vpcID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(e keeper) bool { return !isGuardDuty(e.service) || e.leaving })
	for _, e := range all {
		out, err := api.DeleteVpcEndpoints(ctx, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{e.ID}})
		if cloud.IgnoreNotFound(err) != nil {
			return err
		}
		if out != nil {
			if err := unsuccessful(out.Unsuccessful)[e.ID]; cloud.IgnoreNotFound(err) != nil {
				return err
			}
		}
	}
	return nil
}

// RemoveGuardDutyGroups deletes GuardDuty's groups of a VPC. AWS refuses it while the interfaces of the endpoint are there.
func RemoveGuardDutyGroups(ctx context.Context, api GuardDutyAPI, vpcID string) error {
	pages := ec2.NewDescribeSecurityGroupsPaginator(api, &ec2.DescribeSecurityGroupsInput{Filters: inVPC(vpcID)})
	items := func(page *ec2.DescribeSecurityGroupsOutput) []types.SecurityGroup { return page.SecurityGroups }
	groups, err := list(ctx, &graph.Look{}, "groups", pages, items, observeSecurityGroup)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if !strings.HasPrefix(g.GroupName, guardDutyGroup) {
			continue
		}
		_, err := api.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: aws.String(g.ID)})
		if cloud.IgnoreNotFound(err) != nil {
			return err
		}
	}
	return nil
}
