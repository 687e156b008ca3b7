package preflight

import (
	"context"
	"slices"
	"strings"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// plan says what the run would do, or why it would refuse.
func (p Preflight) plan(_ context.Context, part *stack.Part) []Finding {
	const check = "plan"
	if part.Err != nil {
		return []Finding{broken(part.Region, check, part.Err)}
	}
	if refusal := p.Stack.Refusal(&stack.Plan{Regions: []*stack.Part{part}}); refusal != nil {
		return []Finding{failed(part.Region, check, "`provision plan` shows it", "%v", refusal)}
	}
	return []Finding{ok(part.Region, check, "%d to create, %d to update, %d to delete", part.Plan.Count(graph.Create),
		part.Plan.Count(graph.Update)+part.Plan.Count(graph.Replace), part.Plan.Count(graph.Delete))}
}

// zones asks whether the zones of the stack, or those that it would take, offer the instance type.
func (p Preflight) zones(ctx context.Context, part *stack.Part) []Finding {
	const check = "zones"
	settings, err := p.Stack.Config.Region(part.Region)
	if err != nil {
		return []Finding{broken(part.Region, check, err)}
	}
	api, instanceType := p.Stack.Cloud.Region(part.Region).EC2, settings.Compute.Type
	zones, offering := compute.InUse(part.Facts.Zones), []string{}
	if part.Err == nil {
		offering, err = compute.Offering(ctx, api, instanceType)
	} else { // no plan has chosen any: those that are chosen offer it
		zones, err = compute.ChooseZones(ctx, api, stack.ZonesOfNew(settings))
		offering = zones
	}
	if err != nil {
		return []Finding{broken(part.Region, check, err)}
	}
	lacking := slices.DeleteFunc(slices.Clone(zones), func(id string) bool { return slices.Contains(offering, id) })
	if len(lacking) > 0 {
		return []Finding{failed(part.Region, check, "set another compute.type, for this region under `overrides`",
			"%s is not offered in %s, where the stack is", instanceType, strings.Join(lacking, " "))}
	}
	return []Finding{ok(part.Region, check, "%s offer %s", strings.Join(zones, " "), instanceType)}
}

// image asks for the image that new instances would start from.
func (p Preflight) image(ctx context.Context, part *stack.Part) []Finding {
	const check = "image"
	settings, err := p.Stack.Config.Region(part.Region)
	if err != nil {
		return []Finding{broken(part.Region, check, err)}
	}
	clients, id := p.Stack.Cloud.Region(part.Region), part.Facts.AMI
	if id == "" {
		if id, err = compute.AMI(ctx, clients.SSM, settings.Compute.AMI, settings.Compute.Type); err != nil {
			return []Finding{broken(part.Region, check, err)}
		}
	}
	image, err := compute.DescribeImage(ctx, clients.EC2, id)
	const next = "set compute.ami to an image of the region and of the instance type's architecture"
	switch {
	case cloud.IsNotFound(err):
		return []Finding{failed(part.Region, check, next, "%s does not exist here, or is not shared with the account", id)}
	case err != nil:
		return []Finding{broken(part.Region, check, err)}
	}
	unfit := image.Suits(settings.Compute.Type, int32(settings.Compute.VolumeGB))
	switch {
	case unfit != nil && p.Stack.Cloud.Custom() != "": // what stands in for AWS invents its images, and launches any
		return []Finding{warning(part.Region, check, next, "%v", unfit)}
	case unfit != nil:
		return []Finding{failed(part.Region, check, next, "%v", unfit)}
	}
	return []Finding{ok(part.Region, check, "%s, %s", id, image.Architecture)}
}
