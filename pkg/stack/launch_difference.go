package stack

import (
	"context"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"provision/pkg/compute"
	"provision/pkg/graph"
)

// The changes of a launch template that are told as digests.
const (
	FieldScript     = compute.FieldScript
	FieldLaunchTags = compute.FieldLaunchTags
)

// LaunchDifference is what a changed launch template holds of that which its changes tell as digests only. It is for
// people: nothing is decided by it.
type LaunchDifference struct {
	Script string         // a unified diff of the user data without its header; empty: it is the same
	Tags   []graph.Change // of the instances
	Err    error          // why the version that is launched now could not be read
}

// launchDifference reads what instances are launched from now, where a plan changes their script or tags. It makes no
// call otherwise.
func (s *Stack) launchDifference(ctx context.Context, part *Part) *LaunchDifference {
	if part.Plan == nil {
		return nil
	}
	at := slices.IndexFunc(part.Plan.Steps, func(step graph.Step) bool {
		return step.Action == graph.Update &&
			(graph.Has(step.Changes, compute.FieldScript) || graph.Has(step.Changes, compute.FieldLaunchTags))
	})
	if at < 0 {
		return nil
	}
	step := part.Plan.Steps[at]
	template, ok := step.Observed.(compute.LaunchTemplateState)
	settings, err := s.Config.Region(part.Region)
	if !ok || err != nil {
		return nil
	}
	have, err := compute.ReadLaunchContents(ctx, s.Cloud.Region(part.Region).EC2, template)
	if err != nil {
		return &LaunchDifference{Err: err}
	}
	d := &LaunchDifference{}
	if graph.Has(step.Changes, compute.FieldScript) {
		d.Script = scriptDiff(have.Script, userData(settings.Compute))
	}
	if graph.Has(step.Changes, compute.FieldLaunchTags) {
		d.Tags = have.TagChanges(s.tags(settings.Tags, part.Facts, "auto-scaling-group").Want)
	}
	return d
}

// scriptDiff is a unified diff without the lines that name the files.
func scriptDiff(from, to string) string {
	text := string(diff.Diff("now", []byte(from), "then", []byte(to)))
	if at := strings.Index(text, "\n@@"); at >= 0 {
		return text[at+1:]
	}
	return text
}
