package preflight

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// OfRemoval looks for what would stop a removal half-way, when instances and load balancer are gone and the rest can't
// follow: deletion protection, resources of others in the VPC, and permissions. It reads side by side, and only in parts
// that have something to remove.
func (p Preflight) OfRemoval(ctx context.Context, removal *stack.Removal) []Finding {
	rights := p.rights(ctx)
	parts := removal.Parts()
	obstacles, permissions := make([][]Finding, len(parts)), make([][]Finding, len(parts))
	var group errgroup.Group
	for i, part := range parts {
		if part.Err != nil || len(part.Removal.Steps) == 0 {
			continue
		}
		group.Go(func() error { obstacles[i] = p.obstacles(ctx, part); return nil })
		group.Go(func() error { permissions[i] = rights.check(ctx, rights.forRemoval(part)); return nil })
	}
	_ = group.Wait() // what fails is a finding
	var found []Finding
	for i := range parts {
		found = append(append(found, obstacles[i]...), permissions[i]...)
	}
	return found
}

// obstacles are the findings on what would make AWS refuse a deletion. Emulators have rules of their own on what holds what:
// there the findings only warn.
func (p Preflight) obstacles(ctx context.Context, part *stack.RemovalPart) []Finding {
	finding := failed
	if p.Stack.Cloud.Custom() != "" {
		finding = warning
	}
	var all []Finding
	for _, o := range p.Stack.Obstacles(ctx, part) {
		protection := slices.ContainsFunc(o.By, func(h graph.Blocker) bool { return h.Kind == graph.Protection })
		held := &graph.HeldError{By: o.By}
		switch {
		case o.Err != nil:
			all = append(all, warning(part.Region, "resources of others", "", "not known, because %s %s can't be asked about: %v", o.Key, o.ID, o.Err))
		case protection:
			f := finding(part.Region, "deletion protection", "turn it off, if that is right, then run `provision down` again: `"+
				strings.Join(held.Commands(), "`, `")+"`", "%s is protected against deletion", o.Key)
			all = append(all, f)
		default:
			f := finding(part.Region, "resources of others", "", "%s %s is %v", o.Key, o.ID, held)
			f.Err = held
			all = append(all, f)
		}
	}
	return all
}

// forRemoval asks about the calls of a removal, each on one thing that it deletes.
func (r *rights) forRemoval(part *stack.RemovalPart) request {
	things := map[string]kind.Registration{} // by ARN, one of each kind
	seen := map[string]bool{}
	var tags map[string]string
	for _, step := range part.Removal.Steps {
		of := kinds.Of(step)
		if !seen[of.Name()] {
			things[r.arn(part.Region, of, step)], seen[of.Name()] = of, true
		}
		if i := step.Observed.Ident(); r.Stack.Owns(i) {
			tags = i.Tags
		}
	}
	return request{
		region: part.Region, actions: part.Calls().Names(), things: slices.Sorted(maps.Keys(things)), tags: tags, tries: removals(part),
		about: func(action, arn string) bool {
			of, known := things[arn]
			return !known || slices.Contains(of.Writes.Delete, action)
		},
	}
}

// arn names one thing as IAM does.
func (r *rights) arn(region string, of kind.Registration, step graph.Step) string {
	if strings.HasPrefix(step.ID, "arn:") {
		return step.ID
	}
	service, _, _ := strings.Cut(of.Writes.Delete[0], ":")
	thing := string(of.TaggedAs) + "/" + step.ID
	switch {
	case service == "autoscaling":
		thing = "autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/" + step.ID
	case region == state.Global:
		region = ""
	}
	return strings.Join([]string{"arn", cloud.Partition(r.Stack.Regions[0]), service, region, r.Identity.Account, thing}, ":")
}
