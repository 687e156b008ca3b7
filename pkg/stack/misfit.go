package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
)

// unfit are AWS's codes for an image that a region does not have.
var unfit = []string{"ParameterNotFound", "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAMIID.Malformed"}

// misfit is why the settings can't be had in a part's region, however often it is tried: too few zones, an instance type
// or an image that the region lacks, or an address range. It is nil for what may pass, such as a read that failed.
func misfit(part *Part) error {
	if is[*compute.ZonesError](part.Err) || is[*compute.ImageError](part.Err) || is[config.Errors](part.Err) ||
		slices.Contains(unfit, cloud.Code(part.Err)) {
		return part.Err
	}
	return nil
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// unfit is why a stack that is there can't have the instance type that the plan changes to: one of its zones does not
// offer it. It makes no call where the type stays. The second error is of a read that failed.
func (s *Stack) unfit(ctx context.Context, part *Part, settings config.Settings) (why, err error) {
	if !slices.ContainsFunc(part.Plan.Steps, func(step graph.Step) bool {
		return step.Action == graph.Update && graph.Has(step.Changes, compute.FieldType)
	}) {
		return nil, nil
	}
	err = compute.CheckOffering(ctx, s.Cloud.Region(part.Region).EC2, settings.Compute.Type, compute.InUse(part.Facts.Zones))
	if is[*compute.OfferingError](err) {
		return fmt.Errorf("%s: %w", part.Region, err), nil
	}
	return nil, err
}
