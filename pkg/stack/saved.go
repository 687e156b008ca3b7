package stack

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"provision/pkg/graph"
	"provision/pkg/state"
)

// Saved is a plan as it is kept between its review and its application, with everything that it was computed from. The
// program never carries it out as such: an apply plans again, and continues only if that plan is the same. So a file
// that an attacker forged can stop a run, and can't make it do anything other than the settings demand: they also
// determine the state and the stack ([Saved.CheckStack], [Saved.CheckState]).
type Saved struct {
	Program    string    `json:"program"` // the version that made it
	Created    time.Time `json:"created"`
	Stack      string    `json:"stack"`
	Target     string    `json:"target,omitempty"` // of a fleet
	State      string    `json:"state"`            // where it is kept: a path, or s3://bucket/prefix
	Account    string    `json:"account"`
	Sandbox    bool      `json:"sandbox,omitempty"`
	Endpoint   string    `json:"endpoint,omitempty"` // host of a custom endpoint; empty: AWS itself
	Owner      string    `json:"owner,omitempty"`    // of the state; empty: it held nothing
	Settings   string    `json:"settings"`           // digest of all that the regions' resources are made from
	Regions    []string  `json:"regions"`
	RefreshAMI bool      `json:"refreshAmi,omitempty"`
	Parts      []Kept    `json:"parts"`
}

// Kept is one region's part of a [Saved].
type Kept struct {
	Region string      `json:"region"`
	Serial uint64      `json:"serial"` // of the region's state
	Facts  state.Facts `json:"facts"`
	Steps  []KeptStep  `json:"steps,omitempty"`
}

// KeptStep is something that the plan makes, changes or removes.
type KeptStep struct {
	Key     graph.Key    `json:"key"`
	Action  graph.Action `json:"action"`
	ID      string       `json:"id,omitempty"`
	Changes []KeptChange `json:"changes,omitempty"`
}

// KeptChange is a [graph.Change] without what it waits for.
type KeptChange struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Save takes down a plan that can be applied: a plan with errors or refused changes can't be saved.
func (s *Stack) Save(p *Plan, program string) (Saved, error) {
	settings, err := s.settingsDigest()
	if err != nil {
		return Saved{}, err
	}
	d := s.Record.Document()
	saved := Saved{
		Program: program, Created: s.clock().Now().UTC().Truncate(time.Second),
		Stack: s.Config.Name, Target: s.Config.Target.Name, State: placeOf(s.Config.State),
		Account: d.Account, Sandbox: d.Sandbox, Endpoint: d.Endpoint, Settings: settings,
		Regions: slices.Clone(s.Regions), RefreshAMI: s.RefreshAMI,
	}
	if !d.Empty() {
		saved.Owner = d.Owner
	}
	for _, part := range p.Parts() {
		kept := Kept{Region: part.Region, Serial: d.Regions[part.Region].Serial, Facts: part.Facts}
		for _, step := range part.Plan.Changed() {
			kept.Steps = append(kept.Steps, keep(step))
		}
		saved.Parts = append(saved.Parts, kept)
	}
	return saved, nil
}

func keep(step graph.Step) KeptStep {
	kept := KeptStep{Key: step.Key, Action: step.Action, ID: step.ID}
	for _, c := range step.Changes {
		kept.Changes = append(kept.Changes, KeptChange{Field: c.Field, From: c.From, To: c.To})
	}
	return kept
}

// settingsDigest is of what the settings make of each region, wherever they are written.
func (s *Stack) settingsDigest() (string, error) {
	all := []any{s.Config.Name, s.Config.Tags}
	for _, region := range s.Regions {
		settings, err := s.Config.Region(region)
		if err != nil {
			return "", err
		}
		all = append(all, region, settings)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return "", fmt.Errorf("compute the digest of the settings: %w", err)
	}
	return digest(text), nil
}
