package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/state"
)

// Wanted are the regions of what creates: those of the settings, else the state's.
func Wanted(cfg *config.Config, d state.Document) ([]string, error) {
	regions := cfg.Regions
	if len(regions) == 0 {
		regions = d.RegionNames()
	}
	if len(regions) == 0 {
		return nil, ending.UsageError{
			Err: errors.New("no region is set: pass --regions eu-west-1,us-east-1, or `regions:` in provision.yaml"),
		}
	}
	return regions, nil
}

// Present are the regions of what looks and deletes: those asked for now, else the state's, else the file's.
func Present(cfg *config.Config, d state.Document) ([]string, error) {
	if cfg.RegionsGiven() {
		return cfg.Regions, nil
	}
	if known := d.RegionNames(); len(known) > 0 {
		return known, nil
	}
	if len(cfg.Regions) == 0 {
		return nil, ending.UsageError{Err: &NoStackError{cfg.Name, cmp.Or(cfg.State.S3, cfg.State.Path)}}
	}
	return cfg.Regions, nil
}

// Only is about one region, whatever the settings and the state say.
func Only(region string) Regions {
	return func(*config.Config, state.Document) ([]string, error) { return []string{region}, nil }
}

// NoStackError is that a command about a stack meets none, and no region to look in.
type NoStackError struct{ Name, Location string }

func (e *NoStackError) Error() string {
	return fmt.Sprintf("there is no stack %s here: no state at %s, and no region is set", e.Name, e.Location)
}

// NextStep implements [ending.Advisor].
func (e *NoStackError) NextStep() string {
	return "`provision up` creates one; --name, --state and the current folder choose the stack, --regions where to search for it"
}

// AnyRegion is where AWS is asked what has no region.
func (s *Session) AnyRegion() string {
	if len(s.Config.Regions) > 0 {
		return s.Config.Regions[0]
	}
	return s.Cloud.DefaultRegion()
}

// enabledRegions are the account's regions that a stack can be in and that the guard allows.
func (s *Session) enabledRegions(ctx context.Context) ([]string, error) {
	all, err := s.Cloud.EnabledRegions(ctx, s.AnyRegion())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(region string) bool {
		return s.guard().CheckRegions([]string{region}) != nil || !slices.Contains(config.KnownRegions(), region)
	}), nil
}
