package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/state"
)

// Recover reconstructs the stack's state from the resources that carry its tags in the stack's regions. It takes
// neither the state's nor the settings' word for what exists. Where there are several owners, the owner of the record's
// document decides; without it Recover returns a [state.OwnersError]. Nothing is written.
func (s *Stack) Recover(ctx context.Context) (state.Document, error) {
	there, err := s.surveyAll(ctx)
	if err != nil {
		return state.Document{}, err
	}
	found := map[string]state.Finding{}
	for region, steps := range there {
		var things []graph.Identity
		for _, step := range steps {
			things = append(things, step.Observed.Ident())
		}
		found[region] = state.Finding{Things: things}
	}
	d, err := state.Rebuild(s.Record.Document().Head, found, time.Now())
	if err != nil {
		return d, err
	}
	owner := graph.Owner{Stack: d.Stack, ID: d.Owner}
	for name, region := range d.Regions {
		ours := slices.DeleteFunc(there[name], func(step graph.Step) bool { return !owner.Owns(step.Observed.Ident()) })
		if region.Facts, err = s.recoverFacts(ctx, name, ours); err != nil {
			return d, err
		}
		d.Regions[name] = region
	}
	return d, nil
}

// surveyAll lists the resources of the regions, and those that a stack has once, in parallel.
func (s *Stack) surveyAll(ctx context.Context) (map[string][]graph.Step, error) {
	regions := append(slices.Clone(s.Regions), state.Global)
	surveys := make([][]graph.Step, len(regions))
	group, ctx := errgroup.WithContext(ctx)
	for i, region := range regions {
		group.Go(func() error {
			steps, err := s.engine(region).Survey(ctx, s.graphFor(region))
			if err != nil {
				return fmt.Errorf("%s: %w", region, err)
			}
			surveys[i] = present(steps)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	there := map[string][]graph.Step{}
	for i, region := range regions {
		there[region] = surveys[i]
	}
	return there, nil
}

// present leaves out what is going away, and what failed where there is a live one of its owner and key.
func present(steps []graph.Step) []graph.Step {
	type name struct {
		owner string
		key   graph.Key
	}
	live := map[name]bool{}
	of := func(step graph.Step) name { return name{step.Observed.Ident().Owner(), step.Key} }
	for _, step := range steps {
		live[of(step)] = live[of(step)] || step.Phase == graph.Pending || step.Phase == graph.Ready
	}
	return slices.DeleteFunc(slices.Clone(steps), func(step graph.Step) bool {
		return step.Phase == graph.Leaving || step.Phase == graph.Failed && live[of(step)]
	})
}

// recoverFacts reads earlier runs' decisions from the resources. The keys of the user's tags are those of the settings:
// other tags may have another origin.
func (s *Stack) recoverFacts(ctx context.Context, region string, steps []graph.Step) (state.Facts, error) {
	facts := state.Facts{TagKeys: s.tagKeys()}
	if region == state.Global {
		return facts, nil
	}
	settings, err := s.Config.Region(region)
	if err != nil {
		return facts, err
	}
	slots := make([]string, config.MaxZones)
	for _, step := range steps {
		switch o := step.Observed.(type) {
		case network.VPCState:
			facts.CIDR = o.CIDR
		case network.SubnetState:
			if slot, ok := slotOf(step.Key); ok {
				slots[slot] = o.ZoneID
			}
		case compute.LaunchTemplateState:
			if facts.AMI = o.Note.Image(); facts.AMI != "" {
				facts.Image, facts.RootDevice = image(settings), o.Note.RootDevice()
			}
		}
	}
	facts.Zones, err = s.fillSlots(ctx, settings, slots)
	return facts, err
}

// slotOf is the zone's place in the address plan, which the letter in its subnets' keys tells: 1 for "subnet/public-b".
func slotOf(key graph.Key) (int, bool) {
	_, letter, _ := strings.Cut(key.Name(), "-")
	if len(letter) != 1 {
		return 0, false
	}
	slot := Slot(letter)
	return slot, slot >= 0 && slot < config.MaxZones
}

// fillSlots are the zones up to the last one that has a subnet. For those between that have lost theirs, the zones
// are taken that a first run would take, unless the stack has as many as it should: then it has left those.
func (s *Stack) fillSlots(ctx context.Context, settings config.Settings, slots []string) ([]string, error) {
	for len(slots) > 0 && slots[len(slots)-1] == "" {
		slots = slots[:len(slots)-1]
	}
	if !slices.Contains(slots, "") || len(compute.InUse(slots)) >= settings.Network.AZs {
		return slots, nil
	}
	api, wish := s.Cloud.Region(settings.Region).EC2, ZonesOfNew(settings)
	wish.Least, wish.Most = len(slots), len(slots)
	first, err := compute.ChooseZones(ctx, api, wish)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", settings.Region, err)
	}
	for i, zone := range slots {
		if zone != "" {
			continue
		}
		for _, candidate := range slices.Concat(first[i:], first[:i]) {
			if slots[i] == "" && !slices.Contains(slots, candidate) {
				slots[i] = candidate
			}
		}
	}
	return slots, nil
}
