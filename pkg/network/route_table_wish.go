package network

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// RouteTable is the wish for one. It is made as soon as the VPC is there; its associations and its default route follow
// when their subnets and the gateway do. Routes to other destinations are deleted, as rules of security groups are; those
// of gateway endpoints are AWS's, and those that a gateway propagates can't be deleted here.
type RouteTable struct {
	RouteTables
	graph.Meta
	VPC     graph.Ref
	Subnets []graph.Ref
	Default graph.Ref // an internet gateway or a NAT gateway; the zero Ref: no way out
}

const (
	everywhere       = "0.0.0.0/0"
	fieldRoute       = "route "
	fieldDefault     = "route " + everywhere
	fieldAssociation = "association "
	fieldPropagated  = "propagated route "
)

// Needs implements [graph.Resource].
func (r RouteTable) Needs() []graph.Need {
	needs := []graph.Need{r.VPC.Made()}
	for _, subnet := range r.Subnets {
		needs = append(needs, subnet.Made().ThenUpdate())
	}
	if r.hasDefault() {
		// AWS answers NotFound to a route at a NAT gateway that is still pending.
		needs = append(needs, r.Default.Ready().ThenUpdate())
	}
	return needs
}

func (r RouteTable) hasDefault() bool { return r.Default.Key() != "" }

// Diff implements [graph.Resource].
func (r RouteTable) Diff(o RouteTableState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), fixedRef("vpcId", o.VPCID, r.VPC, "AWS can't move a route table")...)
	for _, subnet := range r.Subnets {
		if o.Associations[subnet.ID()] == "" {
			changes = append(changes, graph.Change{
				Field: fieldAssociation + string(subnet.Key()), To: subnet.String(), After: subnet.Key(),
			})
		}
	}
	switch {
	case !r.hasDefault() && o.Default != Route{}:
		changes = append(changes, graph.Change{Field: fieldDefault, From: o.Default.String()})
	case r.hasDefault() && (o.Default.Target != r.Default.ID() || o.Default == Route{} || o.Default.Blackhole):
		changes = append(changes, graph.Change{
			Field: fieldDefault, From: o.Default.String(), To: r.Default.String(), After: r.Default.Key(),
		})
	}
	for _, destination := range slices.Sorted(maps.Keys(o.Others)) {
		changes = append(changes, graph.Change{Field: fieldRoute + destination, From: o.Others[destination].String()})
	}
	return changes
}

// Report implements [graph.Reporting]: routes that can't be deleted here.
func (RouteTable) Report(o RouteTableState) []graph.Change {
	var changes []graph.Change
	for _, destination := range slices.Sorted(maps.Keys(o.Given)) {
		changes = append(changes, graph.Change{Field: fieldPropagated + destination, From: o.Given[destination].String()})
	}
	return changes
}

// Create implements [graph.Resource].
func (r RouteTable) Create(ctx context.Context, c graph.Claim) (RouteTableState, error) {
	out, err := r.API.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{
		VpcId:             aws.String(r.VPC.ID()),
		ClientToken:       aws.String(c.Nonce),
		TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeRouteTable, c.Tags),
	})
	if err != nil {
		return RouteTableState{}, err
	}
	o := observeRouteTable(*out.RouteTable)
	o.Identity = identityOf(out.RouteTable.RouteTableId, c)
	return o, nil
}

// Update implements [graph.Resource].
func (r RouteTable) Update(ctx context.Context, o RouteTableState, changes []graph.Change) (RouteTableState, error) {
	id, route := o.ID, o.Default
	var mu sync.Mutex
	now := maps.Clone(o.Associations)
	calls := []func() error{retag(ctx, r.API, &o.Identity, r.Labels, changes)}
	for _, subnet := range r.Subnets {
		if !graph.Has(changes, fieldAssociation+string(subnet.Key())) {
			continue
		}
		calls = append(calls, func() error {
			association, err := r.associate(ctx, id, subnet.ID())
			if err != nil {
				return fmt.Errorf("associate %s: %w", subnet.Key(), err)
			}
			mu.Lock()
			defer mu.Unlock()
			now[subnet.ID()] = association
			return nil
		})
	}
	if graph.Has(changes, fieldDefault) {
		calls = append(calls, func() (err error) {
			o.Default, err = r.setDefault(ctx, id, route)
			return err
		})
	}
	others := maps.Clone(o.Others)
	for destination := range o.Others { // each in a call of its own: one that is gone keeps no other
		if !graph.Has(changes, fieldRoute+destination) {
			continue
		}
		calls = append(calls, func() error {
			if err := r.deleteRoute(ctx, id, destination); err != nil {
				return fmt.Errorf("delete the route to %s: %w", destination, err)
			}
			mu.Lock()
			defer mu.Unlock()
			delete(others, destination)
			return nil
		})
	}
	err := sideBySide(calls...)
	o.Associations, o.Others = now, others
	return o, err
}

// associate returns the ID of the association. A subnet that is associated with another table is moved.
func (r RouteTable) associate(ctx context.Context, tableID, subnetID string) (string, error) {
	out, err := r.API.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{
		RouteTableId: aws.String(tableID), SubnetId: aws.String(subnetID),
	})
	if err == nil {
		return aws.ToString(out.AssociationId), nil
	}
	if cloud.Classify(err) != graph.Exists {
		return "", err
	}
	elsewhere, lookErr := r.association(ctx, subnetID)
	if lookErr != nil {
		return "", fmt.Errorf("%w; its outcome can't be read: %w", err, lookErr)
	}
	if elsewhere == "" { // the list lags behind
		return "", err
	}
	moved, err := r.API.ReplaceRouteTableAssociation(ctx, &ec2.ReplaceRouteTableAssociationInput{
		AssociationId: aws.String(elsewhere), RouteTableId: aws.String(tableID),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(moved.NewAssociationId), nil
}

// association finds the subnet's explicit association, whosever the table is. Empty: none.
func (r RouteTable) association(ctx context.Context, subnetID string) (string, error) {
	out, err := r.API.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
		Filters: []types.Filter{{Name: aws.String("association.subnet-id"), Values: []string{subnetID}}},
	})
	if err != nil {
		return "", err
	}
	for _, table := range out.RouteTables {
		if id := observeRouteTable(table).Associations[subnetID]; id != "" {
			return id, nil
		}
	}
	return "", nil
}

// setDefault makes, replaces or deletes the default route, and returns it as it is afterwards.
func (r RouteTable) setDefault(ctx context.Context, tableID string, now Route) (Route, error) {
	table, destination := aws.String(tableID), aws.String(everywhere)
	if !r.hasDefault() {
		return Route{}, r.deleteRoute(ctx, tableID, everywhere)
	}
	want := Route{Target: r.Default.ID()}
	var gateway, nat *string
	if r.Default.Key().Kind() == (NATGateways{}).Kind() {
		nat = &want.Target
	} else {
		gateway = &want.Target
	}
	var err error
	if now == (Route{}) {
		_, err = r.API.CreateRoute(ctx, &ec2.CreateRouteInput{
			RouteTableId: table, DestinationCidrBlock: destination, GatewayId: gateway, NatGatewayId: nat,
		})
	} else {
		_, err = r.API.ReplaceRoute(ctx, &ec2.ReplaceRouteInput{
			RouteTableId: table, DestinationCidrBlock: destination, GatewayId: gateway, NatGatewayId: nat,
		})
	}
	return want, err
}

func (r RouteTable) deleteRoute(ctx context.Context, tableID, destination string) error {
	in := &ec2.DeleteRouteInput{RouteTableId: aws.String(tableID)}
	switch {
	case strings.HasPrefix(destination, "pl-"):
		in.DestinationPrefixListId = aws.String(destination)
	case strings.Contains(destination, ":"):
		in.DestinationIpv6CidrBlock = aws.String(destination)
	default:
		in.DestinationCidrBlock = aws.String(destination)
	}
	_, err := r.API.DeleteRoute(ctx, in)
	return cloud.IgnoreNotFound(err)
}
