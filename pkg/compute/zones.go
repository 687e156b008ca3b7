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

// ZonesError says that a region has too few zones for what is wanted.
type ZonesError struct {
	InstanceType  string
	Want          int      // at the least
	Usable, Taken []string // zone IDs: that offer the type, and that the region has
}

func (e *ZonesError) Error() string {
	return fmt.Sprintf("the settings ask for %d availability zones, but %s is offered in %d: %s (the region's zones are %s); "+
		"choose another instance type or fewer zones",
		e.Want, e.InstanceType, len(e.Usable), names(e.Usable), names(e.Taken))
}

func names(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// ChooseZones are the IDs of least to most zones that are available, need no opt-in and offer the instance type. IDs
// name the same place in every account, which names like eu-west-1a do not. Recorded ones come first and stay what they
// are, so that a zone which AWS adds changes nothing; no call is made where they are enough.
func ChooseZones(
	ctx context.Context, api ZoneAPI, instanceType string, recorded []string, least, most int,
) ([]string, error) {
	if len(recorded) > 0 && len(recorded) >= least {
		return recorded[:min(len(recorded), most)], nil
	}
	var open, offering []string
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { open, err = openZones(ctx, api); return err })
	group.Go(func() (err error) { offering, err = Offering(ctx, api, instanceType); return err })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	usable := slices.DeleteFunc(slices.Clone(open), func(id string) bool { return !slices.Contains(offering, id) })
	chosen := slices.Clone(recorded)
	for _, id := range usable {
		if len(chosen) < most && !slices.Contains(chosen, id) {
			chosen = append(chosen, id)
		}
	}
	if len(chosen) < least {
		return nil, &ZonesError{InstanceType: instanceType, Want: least, Usable: usable, Taken: open}
	}
	return chosen, nil
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
