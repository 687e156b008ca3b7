package stack

import (
	"slices"
	"time"

	"provision/pkg/compute"
	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// The last two steps of a region are no resources: its targets get healthy, and its URL answers.
const (
	healthKey graph.Key = "targets"
	urlKey    graph.Key = "url"
)

// installTime is what user data takes as a rule, once an instance runs.
const installTime = 30 * time.Second

// Outlook is what the part's steps will take; nothing, if it could not be planned.
func (s *Stack) Outlook(part *Part) []graph.Outlook {
	if part.Plan == nil {
		return nil
	}
	all := part.Plan.Outlook()
	if part.Region == state.Global {
		return all
	}
	health := graph.Outlook{Key: healthKey, After: part.Plan.Keys()}
	if settings, err := s.Config.Region(part.Region); err == nil && part.launches() {
		health.Usual = time.Duration(settings.LB.Healthy)*settings.LB.Interval + installTime
	}
	return append(all, health, graph.Outlook{Key: urlKey, After: []graph.Key{healthKey}})
}

// launches says whether the part's plan starts instances, which must turn healthy.
func (p *Part) launches() bool {
	ends := func(e effect.Effect) bool { return e.Kind == effect.Replaced || e.Kind == effect.Outage }
	return slices.ContainsFunc(p.Effects, ends) || slices.ContainsFunc(p.Plan.Steps, func(step graph.Step) bool {
		return step.Key == groupKey && (step.Action != graph.Keep && step.Action != graph.Update || compute.Growth(step.Changes) > 0)
	})
}
