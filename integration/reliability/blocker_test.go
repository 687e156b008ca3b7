package reliability

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

var theirs = []types.Tag{{Key: aws.String("Name"), Value: aws.String("theirs")}}

func theirTags(of types.ResourceType) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: of, Tags: theirs}}
}

// kept are kinds of which a blocker keeps some; and with any region the role stays, and with the VPC what AWS made in it.
func kept(kinds ...string) []string {
	always := []string{"iam-instance-profile", "iam-role", "network-acl", "route-table", "security-group", "security-group-rule", "vpc"}
	return slices.Sorted(slices.Values(append(kinds, always...)))
}

// A foreign resource is in the stack's VPC: down removes all the rest, names the blocking resource, its kind and its
// owner, and keeps the state. Once it is deleted, down finishes.
func TestBlockers(t *testing.T) {
	for name, tc := range map[string]struct {
		make   func(*testing.T, *world, *cloud.Region) (id string)
		remove func(*testing.T, *cloud.Region, string) error
		kind   string
		stays  []string // kinds, of the stack
	}{
		"network interface": {
			func(t *testing.T, w *world, c *cloud.Region) string {
				out, err := c.EC2.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{
					SubnetId:          aws.String(w.id(t, "subnet/private-a")),
					TagSpecifications: theirTags(types.ResourceTypeNetworkInterface),
				})
				must(t, err)
				return *out.NetworkInterface.NetworkInterfaceId
			},
			func(t *testing.T, c *cloud.Region, id string) error {
				_, err := c.EC2.DeleteNetworkInterface(t.Context(), &ec2.DeleteNetworkInterfaceInput{
					NetworkInterfaceId: aws.String(id),
				})
				return err
			},
			"network interface", kept("subnet"),
		},
		"instance": {
			func(t *testing.T, w *world, c *cloud.Region) string {
				out, err := c.EC2.RunInstances(t.Context(), &ec2.RunInstancesInput{
					ImageId: aws.String(w.image(t)), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1),
					MaxCount: aws.Int32(1), SubnetId: aws.String(w.id(t, "subnet/private-b")),
					TagSpecifications: append(theirTags(types.ResourceTypeInstance), theirTags(types.ResourceTypeNetworkInterface)...),
				})
				must(t, err)
				return *out.Instances[0].InstanceId
			},
			func(t *testing.T, c *cloud.Region, id string) error {
				_, err := c.EC2.TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
				return err
			},
			"instance", kept("subnet"),
		},
		"rule that refers to our security group": {
			func(t *testing.T, w *world, c *cloud.Region) string {
				out, err := c.EC2.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
					VpcId: aws.String(w.id(t, "vpc")), GroupName: aws.String("theirs"), Description: aws.String("theirs"),
					TagSpecifications: theirTags(types.ResourceTypeSecurityGroup),
				})
				must(t, err)
				_, err = c.EC2.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
					GroupId: out.GroupId, IpPermissions: []types.IpPermission{{
						IpProtocol: aws.String("tcp"), FromPort: aws.Int32(5432), ToPort: aws.Int32(5432),
						UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: aws.String(w.id(t, "security-group/app"))}},
					}},
				})
				must(t, err)
				return *out.GroupId
			},
			func(t *testing.T, c *cloud.Region, id string) error {
				_, err := c.EC2.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: aws.String(id)})
				return err
			},
			"security group", kept(),
		},
	} {
		runCase(t, name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{})
				must(t, w.up(t.Context()))
				ours := w.account(t)
				id := tc.make(t, w, w.clients())
				blocker := w.account(t).without(ours)

				err := w.down(t.Context())
				mustFail[*graph.HeldError](t, err)
				for _, word := range []string{tc.kind + " " + id, `"theirs"`} {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("down does not say %s:\n%v", word, err)
					}
				}
				left := w.account(t)
				mustBeThere(t, blocker, left)
				if kinds := left.without(blocker).kinds(); !slices.Equal(kinds, tc.stays) {
					t.Errorf("left of ours: %v\nwant: %v", kinds, tc.stays)
				}
				w.mustKnow(t, left)

				must(t, tc.remove(t, w.clients(), id))
				w.wait(t, 10*time.Minute)
				must(t, w.down(t.Context()))
				w.mustBeDown(t, account{})
			})
		})
	}
}

// mustBeThere checks that everything still is, whatever became of what it refers to.
func mustBeThere(t *testing.T, things, now account) {
	t.Helper()
	things.each(func(region, kind, id string, _ json.RawMessage) {
		if now[region][kind][id] == nil {
			t.Errorf("others' %s %s is gone", kind, id)
		}
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
