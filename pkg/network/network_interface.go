package network

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// networkInterface is what keeps a subnet, a security group or an internet gateway from being deleted.
type networkInterface struct {
	graph.Identity
	subnetID   string
	groups     []string
	publicIP   string
	instanceID string // of the instance that it is attached to, if any
	managed    bool   // by AWS, for a load balancer, a NAT gateway, an endpoint
	purpose    string // AWS's words for what it is for
	account    string
}

// interfaceHolders are the VPC's network interfaces that hold something. One list call a sweep serves every subnet,
// security group and internet gateway.
func interfaceHolders(
	ctx context.Context, s *graph.Sweep, api ec2.DescribeNetworkInterfacesAPIClient, vpcID string,
	holds func(networkInterface) bool,
) ([]graph.Holder, error) {
	pages := ec2.NewDescribeNetworkInterfacesPaginator(api, &ec2.DescribeNetworkInterfacesInput{Filters: inVPC(vpcID)})
	items := func(page *ec2.DescribeNetworkInterfacesOutput) []types.NetworkInterface {
		return page.NetworkInterfaces
	}
	all, err := list(ctx, s, "network interfaces of "+vpcID, pages, items, observeInterface)
	if err != nil {
		return nil, fmt.Errorf("list the network interfaces of %s: %w", vpcID, err)
	}
	var holders []graph.Holder
	for _, i := range all {
		if holds(i) {
			holders = append(holders, i.holder(s.Owner))
		}
	}
	return holders, nil
}

// holder says whose the interface is. What AWS made for a load balancer, NAT gateway or endpoint it takes away some
// time after that was deleted, and the same goes for interfaces of the stack's own instances.
func (i networkInterface) holder(owner graph.Owner) graph.Holder {
	h := graph.Holder{ID: i.ID, Kind: "network interface", Owner: ownerText(i.Identity, i.account)}
	switch {
	case i.managed:
		h.Passing = true
		h.Owner = i.purpose
	case i.instanceID != "":
		h.ID, h.Kind = i.instanceID, "instance"
		h.Passing = owner.Owns(i.Identity)
	default:
		h.Passing = owner.Owns(i.Identity)
	}
	return h
}

// ownerText says whose a thing is as well as its tags tell.
func ownerText(i graph.Identity, account string) string {
	var words []string
	if name := i.Tags[graph.TagName]; name != "" {
		words = append(words, strconv.Quote(name))
	}
	if i.Owner() != "" {
		words = append(words, fmt.Sprintf("stack %s of owner %s", i.Stack(), i.Owner()))
	}
	if account != "" {
		words = append(words, "account "+account)
	}
	return strings.Join(words, ", ")
}

func inVPC(id string) []types.Filter {
	return []types.Filter{{Name: aws.String("vpc-id"), Values: []string{id}}}
}

func observeInterface(i types.NetworkInterface) networkInterface {
	o := networkInterface{
		Identity: cloud.EC2Identity(i.NetworkInterfaceId, i.TagSet),
		subnetID: aws.ToString(i.SubnetId),
		managed:  aws.ToBool(i.RequesterManaged),
		purpose:  aws.ToString(i.Description),
		account:  aws.ToString(i.OwnerId),
	}
	for _, group := range i.Groups {
		o.groups = append(o.groups, aws.ToString(group.GroupId))
	}
	if i.Association != nil {
		o.publicIP = aws.ToString(i.Association.PublicIp)
	}
	if i.Attachment != nil {
		o.instanceID = aws.ToString(i.Attachment.InstanceId)
	}
	return o
}
