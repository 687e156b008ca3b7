package network

import (
	"context"
	"fmt"
	"slices"
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
	vpcID       string
	subnetID    string
	groups      []string
	groupNames  map[string]string // by ID
	publicIP    string
	instanceID  string // of the instance that it is attached to, if any
	managed     bool   // by AWS, for a load balancer, a NAT gateway, an endpoint
	requester   string // which of AWS's services made it, if one did
	description string // AWS's words for what it is for
	account     string
}

// InterfaceAPI lists network interfaces.
type InterfaceAPI = ec2.DescribeNetworkInterfacesAPIClient

// interfaceBlockers are the VPC's network interfaces that hold something. One list call in each look serves every subnet,
// security group and internet gateway.
func interfaceBlockers(
	ctx context.Context, s *graph.Look, api InterfaceAPI, keepers *Keepers, vpcID string,
	holds func(networkInterface) bool,
) ([]graph.Blocker, error) {
	pages := ec2.NewDescribeNetworkInterfacesPaginator(api, &ec2.DescribeNetworkInterfacesInput{Filters: inVPC(vpcID)})
	items := func(page *ec2.DescribeNetworkInterfacesOutput) []types.NetworkInterface {
		return page.NetworkInterfaces
	}
	all, err := list(ctx, s, "network interfaces of "+vpcID, pages, items, observeInterface)
	if err != nil {
		return nil, fmt.Errorf("list the network interfaces of %s: %w", vpcID, err)
	}
	var blockers []graph.Blocker
	for _, i := range all {
		if !holds(i) {
			continue
		}
		h, err := keepers.blocker(ctx, s, i)
		if err != nil {
			return nil, err
		}
		blockers = append(blockers, h)
	}
	return slices.Compact(blockers), nil
}

// blocker says whose the interface is, and whether AWS or this run deletes it: an interface of the stack's
// own, of an instance of its own, and one that AWS made for something of the stack's or for something that is gone or
// going. The owner of anything else has to remove it.
func (k *Keepers) blocker(ctx context.Context, s *graph.Look, i networkInterface) (graph.Blocker, error) {
	h := graph.Blocker{ID: i.ID, Kind: "network interface", Owner: ownerText(i.Identity, i.account)}
	switch p := purposeOf(i); {
	case goes(s, p.id) || goes(s, i.instanceID):
		h.Passing = true
		return h, nil
	case p.kind == keeperBalancer || p.kind == keeperEndpoint || p.kind == keeperNAT:
		found, passes, err := k.passing(ctx, p, i.vpcID, s.Owner)
		if err != nil || passes {
			h.Owner, h.Passing = i.description, true
			return h, err
		}
		return k.living(i, p, found), nil
	case i.managed:
		return k.managed(i, p), nil
	case i.instanceID != "":
		h.ID, h.Kind = i.instanceID, "instance"
		h.Remove = k.command("aws ec2 terminate-instances --instance-ids " + i.instanceID)
	default:
		h.Remove = k.command("aws ec2 delete-network-interface --network-interface-id " + i.ID)
	}
	if h.Passing = s.Owner.Owns(i.Identity); h.Passing {
		h.Remove = ""
	}
	return h, nil
}

// goes says whether a removal deletes what has this ID. Of a load balancer an interface knows the end of the ARN only.
func goes(s *graph.Look, id string) bool {
	return id != "" && slices.ContainsFunc(s.Going, func(going string) bool {
		return going == id || strings.HasSuffix(going, ":loadbalancer/"+id)
	})
}

// living is the blocker for an interface of a load balancer, endpoint or NAT gateway that another owner has.
func (k *Keepers) living(i networkInterface, p purpose, found keeper) graph.Blocker {
	if isGuardDuty(found.service) {
		return k.guardDuty(i, found)
	}
	remove := strings.ReplaceAll(p.remove, "ARN-OF-"+p.id, found.ID)
	about := []string{p.service}
	if found.service != "" {
		about = append(about, found.service)
	}
	return graph.Blocker{
		ID: p.id, Kind: p.kind, Owner: joined(append(about, ownerText(found.Identity, i.account))...), Remove: k.command(remove),
	}
}

// managed is the blocker for an interface of another service of AWS's, which EC2 can't be asked about.
func (k *Keepers) managed(i networkInterface, p purpose) graph.Blocker {
	h := graph.Blocker{ID: i.ID, Kind: "network interface", Remove: k.command(p.remove)}
	if p.id != "" {
		h.ID, h.Kind = p.id, p.kind
	}
	service := p.service
	if service == "" {
		service = "created by " + i.requester
	}
	h.Owner = joined(service, i.description, ownerText(i.Identity, i.account))
	return h
}

// command is a command of the AWS CLI's in the region.
func (k *Keepers) command(text string) string {
	if text == "" || k.Region == "" {
		return text
	}
	return text + " --region " + k.Region
}

// joined are the words that are not empty.
func joined(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
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
		Identity:    cloud.EC2Identity(i.NetworkInterfaceId, i.TagSet),
		vpcID:       aws.ToString(i.VpcId),
		subnetID:    aws.ToString(i.SubnetId),
		managed:     aws.ToBool(i.RequesterManaged),
		requester:   aws.ToString(i.RequesterId),
		description: aws.ToString(i.Description),
		account:     aws.ToString(i.OwnerId),
		groupNames:  map[string]string{},
	}
	for _, group := range i.Groups {
		o.groups = append(o.groups, aws.ToString(group.GroupId))
		o.groupNames[aws.ToString(group.GroupId)] = aws.ToString(group.GroupName)
	}
	if i.Association != nil {
		o.publicIP = aws.ToString(i.Association.PublicIp)
	}
	if i.Attachment != nil {
		o.instanceID = aws.ToString(i.Attachment.InstanceId)
	}
	return o
}
