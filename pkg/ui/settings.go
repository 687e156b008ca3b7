package ui

import (
	"fmt"
	"io"

	"provision/pkg/config"
	"provision/pkg/foreign"
	"provision/pkg/ui/paint"
)

// Settings are what the settings come to, with the place of each.
type Settings struct {
	Stack   []config.Explained `json:"stack"`
	Regions []RegionSettings   `json:"regions"`
}

// RegionSettings are those of one region.
type RegionSettings struct {
	Region   string             `json:"region"`
	Settings []config.Explained `json:"settings"`
}

// Table shows them with a line for each that is set.
func (s Settings) Table(w io.Writer) {
	explained(w, "stack", s.Stack)
	for _, r := range s.Regions {
		fmt.Fprintln(w)
		explained(w, r.Region, r.Settings)
	}
}

// FleetSettings are those of each target of a fleet.
type FleetSettings struct {
	Targets []TargetSettings `json:"targets"`
}

// TargetSettings are those of one target.
type TargetSettings struct {
	Target string `json:"target"`
	Settings
}

// Table shows them one after the other.
func (s FleetSettings) Table(w io.Writer) {
	for i, t := range s.Targets {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, paint.Bold.Render("target "+foreign.Line(t.Target)))
		t.Settings.Table(w)
	}
}

func explained(w io.Writer, title string, all []config.Explained) {
	fmt.Fprintln(w, paint.Bold.Render(foreign.Line(title)))
	t := &table{}
	for _, e := range all {
		from := foreign.Line(e.Origin.String())
		if e.Origin.Source == config.FromDefault {
			from = paint.Faint.Render(from)
		}
		if e.Value != "" {
			t.add(foreign.Line(e.Path), foreign.Line(e.Value), from)
		}
	}
	t.print(w, "  ")
}
