package stack

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/state"
	"provision/pkg/verdict"
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
	Region   string
	URL      string
	Plan     *graph.Plan
	Health               // of its targets; of what a stack has once there is none
	Facts    state.Facts // the zones and the address range, known before there is anything
	NewerAMI string      // empty: the pinned image is the newest
	Err      error       // why it, or a part of it, could not be read

	Uncompared error // why it was not compared with what is wanted, though it was read: mistakes in the settings
}

// Verdict is how the part is, in a word.
func (p *StatusPart) Verdict() verdict.Verdict {
	return Judge(&Part{Region: p.Region, Plan: p.Plan, Facts: p.Facts, Err: p.Uncompared}, p.Health)
}

// Status reads all regions in parallel.
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
	if why := uncompared(part); why != nil {
		return s.statusUncompared(ctx, part, why)
	}
	status := &StatusPart{Region: part.Region, Plan: part.Plan, Facts: part.Facts, Err: part.Err}
	if part.Err != nil || part.Region == state.Global {
		return status
	}
	status.URL = s.url(part)
	var reads errgroup.Group
	reads.Go(func() error {
		status.Health = s.healthOf(ctx, part)
		return status.Health.Err
	})
	reads.Go(func() (err error) {
		status.NewerAMI, err = s.newerAMI(ctx, part)
		return err
	})
	status.Err = reads.Wait()
	return status
}

// newerAMI is the image that a run with the newest one would take; empty if that is the pinned one.
func (s *Stack) newerAMI(ctx context.Context, part *Part) (string, error) {
	settings, err := s.Config.Region(part.Region)
	if err != nil {
		return "", err
	}
	newest, err := compute.AMI(ctx, s.Cloud.Region(part.Region).SSM, settings.Compute.AMI, settings.Compute.Type)
	if newest == part.Facts.AMI {
		return "", err
	}
	return newest, err
}

// Err joins what kept parts from being read.
func (s *Status) Err() error {
	var all []error
	for _, part := range s.Parts() {
		all = append(all, part.Err)
	}
	return errors.Join(all...)
}

// Verdicts are those of all parts.
func (s *Status) Verdicts() []verdict.Verdict {
	var all []verdict.Verdict
	for _, part := range s.Parts() {
		all = append(all, part.Verdict())
	}
	return all
}
