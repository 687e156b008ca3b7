package stack

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/state"
)

// Status is what is there, read from AWS, and how it differs from what is wanted.
type Status struct {
	Plan    *Plan // what `up` would do about it
	Global  *StatusPart
	Regions []*StatusPart // in the order of the plan
}

// Parts are all of them: what a stack has once, if the status is about that, then the regions.
func (s *Status) Parts() []*StatusPart {
	if s.Global == nil {
		return s.Regions
	}
	return append([]*StatusPart{s.Global}, s.Regions...)
}

// StatusPart is one region's status, or why it can't be read.
type StatusPart struct {
	Region    string
	URL       string
	Plan      *graph.Plan
	Targets   []lb.Target
	Instances []compute.Member
	Facts     state.Facts // the zones and the address range, known before there is anything
	NewerAMI  string      // empty: the pinned image is the newest
	Err       error
}

// Status looks at all regions side by side.
func (s *Stack) Status(ctx context.Context) *Status {
	plan := s.Plan(ctx)
	status := &Status{Plan: plan, Regions: make([]*StatusPart, len(plan.Regions))}
	var group errgroup.Group
	group.Go(func() error { status.Global = s.statusOf(ctx, plan.Global); return nil })
	for i, part := range plan.Regions {
		group.Go(func() error { status.Regions[i] = s.statusOf(ctx, part); return nil })
	}
	_ = group.Wait() // each part carries its own error
	return status
}

func (s *Stack) statusOf(ctx context.Context, part *Part) *StatusPart {
	status := &StatusPart{Region: part.Region, Plan: part.Plan, Facts: part.Facts, Err: part.Err}
	if part.Err != nil || part.Region == state.Global {
		return status
	}
	status.URL = s.url(part)
	for _, step := range part.Plan.Steps {
		if group, ok := step.Observed.(compute.AutoScalingGroupState); ok {
			status.Instances = group.Members
		}
	}
	status.Targets, status.NewerAMI, status.Err = s.liveOf(ctx, part)
	return status
}

// liveOf reads what no resource needs: the targets' health, and whether there is a newer image.
func (s *Stack) liveOf(ctx context.Context, part *Part) (targets []lb.Target, newer string, err error) {
	settings, err := s.Config.Region(part.Region)
	if err != nil {
		return nil, "", err
	}
	clients := s.Cloud.Region(part.Region)
	group, ctx := errgroup.WithContext(ctx)
	if arn := part.Plan.Ref(targetsKey).ID(); arn != "" {
		group.Go(func() (err error) {
			targets, err = lb.Health(ctx, clients.ELB, arn)
			return err
		})
	}
	group.Go(func() error {
		newest, err := compute.AMI(ctx, clients.SSM, settings.Compute.AMI, settings.Compute.Type)
		if newest != part.Facts.AMI {
			newer = newest
		}
		return err
	})
	return targets, newer, group.Wait()
}

// Err joins what kept parts from being read.
func (s *Status) Err() error {
	var all []error
	for _, part := range s.Parts() {
		all = append(all, part.Err)
	}
	return errors.Join(all...)
}

// Differs says whether anything differs from what is wanted.
func (s *Status) Differs() bool {
	for _, part := range s.Parts() {
		if part.Plan != nil && len(part.Plan.Changed()) > 0 {
			return true
		}
	}
	return false
}
