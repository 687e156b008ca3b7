package stack

import (
	"errors"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
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
