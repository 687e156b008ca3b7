package lifecycle

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// drift is a change by hand, and the differences that follow.
type drift struct {
	name  string
	do    func(context.Context, *world) error
	shown []string // just these differences
}

// Each is seen by status, repaired by up, and gone for the next plan.
func TestDriftIsRepaired(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	for _, d := range drifts() {
		t.Run(d.name, func(t *testing.T) { d.isRepaired(w.with(t)) })
	}
	w.isWhole()
	checkNetwork(w, home)
	w.down().ends(done)
	w.isEmpty()
}

func TestDeletedThingsAreMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	d := drift{"NAT gateway and listener deleted", func(ctx context.Context, w *world) error {
		return errors.Join(deleteNATGateway(ctx, w), deleteListener(ctx, w))
	}, []string{"create nat-gateway/c", "update route-table/private-c: route 0.0.0.0/0", "create listener/http"}}
	d.isRepaired(w)
	w.isWhole()
	w.down().ends(done)
	w.isEmpty()
}

func (d drift) isRepaired(w *world) {
	w.t.Helper()
	if err := d.do(w.t.Context(), w); err != nil {
		w.t.Fatal(err)
	}
	w.status().ends(changes).differs(home, d.shown...).writesNothing()
	w.up().ends(done)
	w.plan().ends(done).writesNothing()
}

func drifts() []drift {
	anywhere := types.IpPermission{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
		IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
	}
	shell := anywhere
	shell.FromPort, shell.ToPort = aws.Int32(22), aws.Int32(22)
	return []drift{
		{"route deleted", deleteRoute, []string{"update route-table/private-b: route 0.0.0.0/0"}},
		{"subnet disassociated", disassociate, []string{"update route-table/private-b: association subnet/private-b"}},
		{"rule revoked", func(ctx context.Context, w *world) error {
			_, err := w.ec2(home).RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{
				GroupId: securityGroups(w, home)["provision-web-alb"].GroupId, IpPermissions: []types.IpPermission{anywhere},
			})
			return err
		}, []string{"update security-group/alb: ingress tcp 80 from 0.0.0.0/0"}},
		{"port 22 opened", func(ctx context.Context, w *world) error {
			_, err := w.ec2(home).AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: securityGroups(w, home)["provision-web-app"].GroupId, IpPermissions: []types.IpPermission{shell},
			})
			return err
		}, []string{"update security-group/app: ingress tcp 22 from 0.0.0.0/0"}},
		{"tag removed", func(ctx context.Context, w *world) error {
			_, err := w.ec2(home).DeleteTags(ctx, &ec2.DeleteTagsInput{
				Resources: []string{w.one(home, "vpc")}, Tags: []types.Tag{{Key: aws.String("Name")}},
			})
			return err
		}, []string{"update vpc: tag Name"}},
		{"group resized", func(ctx context.Context, w *world) error {
			_, err := w.groups(home).UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
				AutoScalingGroupName: aws.String(w.one(home, "auto-scaling-group")),
				MinSize:              aws.Int32(1), DesiredCapacity: aws.Int32(1),
			})
			return err
		}, []string{"update auto-scaling-group: group minSize, group desiredCapacity"}},
		{"internet gateway detached", func(ctx context.Context, w *world) error {
			_, err := w.ec2(home).DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{
				InternetGatewayId: aws.String(w.one(home, "internet-gateway")), VpcId: aws.String(w.one(home, "vpc")),
			})
			return err
		}, []string{"update internet-gateway: attachment"}},
	}
}

// tableOf is the private route table of a zone.
func tableOf(ctx context.Context, w *world, zone string) types.RouteTable {
	w.t.Helper()
	name := []types.Filter{{Name: aws.String("tag:Name"), Values: []string{"web-route-table-private-" + zone}}}
	out, err := w.ec2(home).DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: name})
	if tables := must(w, out, err).RouteTables; len(tables) == 1 {
		return tables[0]
	}
	w.t.Fatalf("zone %s has %d private route tables, want one", zone, len(out.RouteTables))
	return types.RouteTable{}
}

func deleteRoute(ctx context.Context, w *world) error {
	table := tableOf(ctx, w, "b")
	_, err := w.ec2(home).DeleteRoute(ctx, &ec2.DeleteRouteInput{
		RouteTableId: table.RouteTableId, DestinationCidrBlock: aws.String("0.0.0.0/0"),
	})
	return err
}

func disassociate(ctx context.Context, w *world) error {
	table := tableOf(ctx, w, "b")
	_, err := w.ec2(home).DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{
		AssociationId: table.Associations[0].RouteTableAssociationId,
	})
	return err
}

func deleteNATGateway(ctx context.Context, w *world) error {
	routes := tableOf(ctx, w, "c").Routes
	i := slices.IndexFunc(routes, func(r types.Route) bool { return r.NatGatewayId != nil })
	if i < 0 {
		w.t.Fatalf("zone c has no route to a NAT gateway: %v", routes)
	}
	gateway := []string{*routes[i].NatGatewayId}
	out, err := w.ec2(home).DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: gateway})
	address := must(w, out, err).NatGateways[0].NatGatewayAddresses[0]
	_, err = w.ec2(home).DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: routes[i].NatGatewayId})
	return errors.Join(err, giveBack(ctx, w, address.AllocationId))
}

// giveBack does what AWS does when a NAT gateway is deleted, and LocalStack does not: its address is free again.
func giveBack(ctx context.Context, w *world, address *string) error {
	w.t.Helper()
	out, err := w.ec2(home).DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{*address}})
	association := must(w, out, err).Addresses[0].AssociationId
	_, err = w.ec2(home).DisassociateAddress(ctx, &ec2.DisassociateAddressInput{AssociationId: association})
	return err
}

func deleteListener(ctx context.Context, w *world) error {
	_, err := w.balancing(home).DeleteListener(ctx, &elbv2.DeleteListenerInput{ListenerArn: aws.String(w.one(home, "listener"))})
	return err
}
