package lifecycle

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// stranger is a foreign VPC with a subnet, an address and a NAT gateway, all with the stack's tags except for its name.
func stranger(w *world, tags map[string]string) {
	w.t.Helper()
	api, ctx := w.ec2(home), w.t.Context()
	tagged := func(kind types.ResourceType, key string) []types.TagSpecification {
		all := []types.Tag{{Key: aws.String("Name"), Value: aws.String("web-" + key)}}
		for name, value := range tags {
			all = append(all, types.Tag{Key: aws.String(name), Value: aws.String(value)})
		}
		return []types.TagSpecification{{ResourceType: kind, Tags: all}}
	}
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{
		CidrBlock: aws.String("10.9.0.0/16"), TagSpecifications: tagged(types.ResourceTypeVpc, "vpc"),
	})
	subnet := w.subnet(api, &ec2.CreateSubnetInput{
		VpcId: must(w, vpc, err).Vpc.VpcId, CidrBlock: aws.String("10.9.128.0/24"),
		TagSpecifications: tagged(types.ResourceTypeSubnet, "subnet-public-a"),
	})
	address, err := api.AllocateAddress(ctx, &ec2.AllocateAddressInput{
		Domain: types.DomainTypeVpc, TagSpecifications: tagged(types.ResourceTypeElasticIp, "elastic-ip-a"),
	})
	nat, err := api.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{
		AllocationId: must(w, address, err).AllocationId, SubnetId: aws.String(subnet),
		TagSpecifications: tagged(types.ResourceTypeNatgateway, "nat-gateway-a"),
	})
	must(w, nat, err)
}

// subnet makes one, and returns its ID. LocalStack, when busy, may make it and answer with an error: the SDK repeats the call
// then, and is told that it is there.
func (w *world) subnet(api *ec2.Client, in *ec2.CreateSubnetInput) string {
	w.t.Helper()
	made, err := api.CreateSubnet(w.t.Context(), in)
	if cloud.Classify(err) != graph.Exists {
		return *must(w, made, err).Subnet.SubnetId
	}
	there, err := api.DescribeSubnets(w.t.Context(), &ec2.DescribeSubnetsInput{Filters: []types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{*in.VpcId}},
	}})
	if subnets := must(w, there, err).Subnets; len(subnets) != 1 {
		w.t.Fatalf("%d subnets are there, want one", len(subnets))
	}
	return *there.Subnets[0].SubnetId
}

var sameStack = map[string]string{"provision:stack": "web", "provision:owner": "01SOMEBODYELSE0000000000000"}

// Foreign resources are not touched, however similar they are.
func TestStrangersAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	stranger(w, nil)
	theirs := w.list()
	w.up().ends(done)
	w.hasKept(theirs)
	w.has(w.list().Without(theirs), home, whole())

	w.before = w.list()
	stranger(w, sameStack)
	theirs = append(theirs, w.made()...)
	for _, run := range []result{w.plan(), w.status()} {
		foreign := run.ends(done).in(home).Foreign
		if len(foreign) != 4 || foreign[0].Owner != sameStack["provision:owner"] {
			t.Errorf("provision %s: somebody else has %v, want 4 things", run.command, foreign)
		}
	}
	w.up().ends(done)
	w.hasKept(theirs)

	w.down().ends(done)
	w.isStill(theirs)
}

// An existing stack of the name that the state does not know is neither adopted nor duplicated.
func TestForeignStackIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	stranger(w, sameStack)
	theirs := w.list()
	w.up().ends(refused).says("01SOMEBODYELSE", "provision recover").writesNothing()
	w.plan().ends(refused).writesNothing()
	w.isStill(theirs)
}
