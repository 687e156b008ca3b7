package compute

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/sync/errgroup"
)

// ZoneAPI is what this file calls.
type ZoneAPI interface {
	ec2.DescribeInstanceTypeOfferingsAPIClient
	DescribeAvailabilityZones(
		context.Context, *ec2.DescribeAvailabilityZonesInput, ...func(*ec2.Options),
	) (*ec2.DescribeAvailabilityZonesOutput, error)
}

// ChooseZones are the IDs of the zones that a stack has in a region, each in its slot; the ID of a slot that the stack has
// left is empty. IDs name the same place in every account, which names like eu-west-1a do not. Recorded ones stay what and
// where they are, so that a zone which AWS adds changes nothing; no call is made where they are enough.
func ChooseZones(ctx context.Context, api ZoneAPI, w ZoneWish) ([]string, error) {
	slots, want := w.kept()
	if len(InUse(slots)) >= want {
		return slots, nil
	}
	var open, offering []string
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { open, err = openZones(ctx, api); return err })
	group.Go(func() (err error) { offering, err = Offering(ctx, api, w.InstanceType); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	usable := slices.DeleteFunc(slices.Clone(open), func(id string) bool { return !slices.Contains(offering, id) })
	slots = w.fill(slots, want, usable)
	if len(InUse(slots)) < w.Least {
		return nil, &ZonesError{Wish: w, Usable: usable, Taken: open}
	}
	if left, entered := w.moved(slots); len(left) > 0 {
		return nil, &ZonesError{Wish: w, Usable: usable, Taken: open, Left: left, Entered: entered}
	}
	return slots, nil
}

func openZones(ctx context.Context, api ZoneAPI) ([]string, error) {
	out, err := api.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{})
	if err != nil {
		return nil, fmt.Errorf("list the region's availability zones: %w", err)
	}
	var ids []string
	for _, zone := range out.AvailabilityZones {
		if isOpen(zone) {
			ids = append(ids, aws.ToString(zone.ZoneId))
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// isOpen leaves out local and wavelength zones, which have no NAT gateways and are opted into.
func isOpen(zone types.AvailabilityZone) bool {
	const availabilityZone = "availability-zone"
	return zone.State == types.AvailabilityZoneStateAvailable &&
		zone.OptInStatus != types.AvailabilityZoneOptInStatusNotOptedIn &&
		aws.ToString(zone.ZoneType) == availabilityZone
}

// Offering are the IDs of the zones that offer an instance type, in no order; none for a type that does not exist.
func Offering(ctx context.Context, api ec2.DescribeInstanceTypeOfferingsAPIClient, instanceType string) ([]string, error) {
	pages := ec2.NewDescribeInstanceTypeOfferingsPaginator(api, &ec2.DescribeInstanceTypeOfferingsInput{
		LocationType: types.LocationTypeAvailabilityZoneId,
		Filters:      []types.Filter{{Name: aws.String("instance-type"), Values: []string{instanceType}}},
	})
	var ids []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the zones that offer %s: %w", instanceType, err)
		}
		for _, offering := range page.InstanceTypeOfferings {
			ids = append(ids, aws.ToString(offering.Location))
		}
	}
	return ids, nil
}

// OfferingError says that a stack is in zones that do not offer the instance type that it is to get.
type OfferingError struct {
	InstanceType string
	Zones        []string // IDs of those that lack it
}

func (e *OfferingError) Error() string {
	return fmt.Sprintf("%s is not offered in %s, where the stack is", e.InstanceType, strings.Join(e.Zones, " "))
}

// CheckOffering is an [OfferingError] if one of the zones does not offer the instance type.
func CheckOffering(ctx context.Context, api ec2.DescribeInstanceTypeOfferingsAPIClient, instanceType string, zones []string) error {
	offering, err := Offering(ctx, api, instanceType)
	if err != nil {
		return err
	}
	lacking := slices.DeleteFunc(slices.Clone(zones), func(id string) bool { return slices.Contains(offering, id) })
	if len(lacking) > 0 {
		return &OfferingError{InstanceType: instanceType, Zones: lacking}
	}
	return nil
}

// ZonesError says that a region has too few zones for what is wanted.
type ZonesError struct {
	Wish          ZoneWish
	Usable, Taken []string // zone IDs: that offer the type, and that the region has
	Left, Entered []string // a move from these zones to those, which would cost requests; none: it is something else
}

func (e *ZonesError) Error() string {
	w, lacking := e.Wish, without(e.Wish.Given, e.Usable)
	switch {
	case len(e.Left) > 0:
		return fmt.Sprintf("the stack serves from %s: to leave that and enter %s in one run would cost requests",
			names(e.Left), names(e.Entered))
	case len(without(w.Given, e.Taken)) > 0:
		return fmt.Sprintf("network.zones names %s, which the region does not have for this account; its zones are %s",
			names(without(w.Given, e.Taken)), names(e.Taken))
	case len(lacking) > 0:
		return fmt.Sprintf("network.zones names %s, and %s is not offered there, but in %s",
			names(lacking), w.InstanceType, names(e.Usable))
	case len(without(e.Usable, w.Avoid)) >= w.Least:
		return fmt.Sprintf("the settings ask for %d availability zones, but the VPC has no place left for another one's subnets: "+
			"each of its %d has been taken", w.Least, w.Slots)
	}
	text := fmt.Sprintf("the settings ask for %d availability zones, but %s is offered in %d: %s (the region's zones are %s)",
		w.Least, w.InstanceType, len(e.Usable), names(e.Usable), names(e.Taken))
	if avoided := without(e.Usable, without(e.Usable, w.Avoid)); len(avoided) > 0 {
		return text + ", and " + names(avoided) + " must be avoided; choose fewer zones, or avoid fewer"
	}
	return text + "; choose another instance type or fewer zones"
}

// Next is what to do about it.
func (e *ZonesError) Next() string {
	switch {
	case len(e.Left) > 0 && len(e.Wish.Given) > 0:
		return "list both the old and the new zones in network.zones and run `provision up`, then only the new ones, and run it again"
	case len(e.Left) > 0:
		return fmt.Sprintf("raise network.azs to %d without avoiding a zone and run `provision up`, then set what you have set now, and run it again",
			len(InUse(e.Wish.Recorded))+len(e.Left))
	case len(e.Wish.Given) > 0:
		return "correct network.zones, or leave it out: then provision chooses"
	}
	return "set another compute.type for the region, or `network: {azs: 2}` where two zones offer it, under `overrides`"
}

func names(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// without are the IDs that the others lack.
func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}
