package stack

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/state"
)

// bootTime is what an instance takes at the most from its start until nginx answers: AWS's own time, and that of the
// packages that the user data installs.
const bootTime = 3 * time.Minute

// fill looks up the facts that a region's graph depends on and adds its resources. An earlier run's decisions stay.
func (s *Stack) fill(ctx context.Context, g *graph.Graph) (facts state.Facts, note string, err error) {
	settings, err := s.Config.Region(g.Region)
	if err != nil {
		return facts, "", err
	}
	if facts, err = s.lookUp(ctx, settings); err != nil {
		return facts, "", fmt.Errorf("%s: %w", g.Region, err)
	}
	t := topology{
		Stack: s, region: g.Region, settings: settings, facts: facts, graph: g,
		clients: s.Cloud.Region(g.Region),
	}
	return facts, zonesNote(facts.Zones, settings.Network.AZs), t.build()
}

// lookUp finds the zones and the image, in parallel. It makes no call where both are known.
func (s *Stack) lookUp(ctx context.Context, settings config.Settings) (state.Facts, error) {
	facts := s.Record.Document().Regions[settings.Region].Facts
	facts.CIDR = settings.Network.CIDR.String()
	clients := s.Cloud.Region(settings.Region)
	pinned, zones := s.pinned(facts, settings), s.zoneWish(settings, facts)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		facts.Zones, err = compute.ChooseZones(ctx, clients.EC2, zones)
		return err
	})
	group.Go(func() (err error) {
		if !pinned {
			facts.Image = image(settings)
			facts.AMI, facts.RootDevice, err = lookUpImage(ctx, clients, settings.Compute)
		}
		return err
	})
	return facts, group.Wait()
}

// lookUpImage asks EC2 about an image that is not Amazon Linux: its requirements may conflict with the other settings.
func lookUpImage(ctx context.Context, clients *cloud.Region, c config.Compute) (id, rootDevice string, err error) {
	id, err = compute.AMI(ctx, clients.SSM, c.AMI, c.Type)
	if err != nil || c.AMI == config.AMIAmazonLinux2023 {
		return id, "", err
	}
	found, err := compute.DescribeImage(ctx, clients.EC2, id)
	if err != nil {
		return "", "", err
	}
	return id, found.RootDevice, found.Suits(c.Type, int32(c.VolumeGB))
}

// zonesNote reports that a region has fewer zones than usual, unless the settings ask for that.
func zonesNote(zones []string, usual int) string {
	zones = compute.InUse(zones)
	if len(zones) >= usual {
		return ""
	}
	return fmt.Sprintf("%d availability zones instead of %d: %s", len(zones), usual, strings.Join(zones, ", "))
}

// pinned reports whether the image that an earlier run chose is still the one to use: until the user asks for another.
func (s *Stack) pinned(facts state.Facts, settings config.Settings) bool {
	return facts.AMI != "" && facts.Image == image(settings) && !s.RefreshAMI
}

// image is what an image is looked up by: a parameter or its own ID and, unless the parameter's name tells, the
// architecture.
func image(settings config.Settings) string {
	c := settings.Compute
	name := cmp.Or(compute.ImageParameter(c.AMI, c.Type), c.AMI)
	if c.AMI == config.AMIAmazonLinux2023 {
		return name
	}
	return fmt.Sprintf("%s for %s", name, compute.ArchitectureOf(c.Type))
}

func userData(c config.Compute) string {
	if c.Script != nil {
		return string(c.Script)
	}
	return compute.NginxScript
}

// tagKeys are the keys of the user's tags that are on a region's things once it is as wanted.
func (s *Stack) tagKeys() []string { return slices.Sorted(maps.Keys(s.Config.Tags)) }
