package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// template is the version that the group launches from now.
func (g *scalingGroup) template(r *region) (*launchTemplate, *templateVersion, error) {
	from := g.Template
	if rolling := g.rolling(); rolling != nil && rolling.Desired != nil {
		from = *rolling.Desired
	}
	t, err := findTemplate(r, from.ID, from.Name)
	if err != nil {
		return nil, nil, err
	}
	v, err := t.version(from.Version)
	return t, v, err
}

// launch adds a member in the best zone that has room, or notes why it can't. The answer is nil then.
func (g *scalingGroup) launch(r *region, cause string) *member {
	for _, at := range g.byRoom(r) {
		made, from, err := g.start(r, at)
		if err == nil {
			m := &member{
				ID: made.ID, Zone: made.Zone, State: memberPending, Type: made.Data.InstanceType, ImageID: made.Image.ID,
				Template: *from, Protected: g.Protect,
				Activity: g.begin(r, "Launching a new EC2 instance: "+made.ID, cause, made.Zone, "PreInService"),
			}
			g.Members = append(g.Members, m)
			return m
		}
		var known *Error
		if !errors.As(err, &known) {
			known = internal("%v", err)
		}
		g.failed(r, cause, at.Zone, known.Message)
		if !lacking[known.Code] {
			return nil
		}
	}
	return nil
}

// lacking are the errors that another zone might not have.
var lacking = words("InsufficientInstanceCapacity Unsupported InsufficientFreeAddressesInSubnet")

// start launches an instance into a subnet.
func (g *scalingGroup) start(r *region, at *subnet) (*instance, *templateReference, error) {
	t, v, err := g.template(r)
	if err != nil {
		return nil, nil, err
	}
	if err := r.checkLaunch(v.Data, at); err != nil {
		return nil, nil, err
	}
	if r.room(v.Data) < 1 {
		return nil, nil, r.tooManyCPUs()
	}
	if err := r.capacity(v.Data, at); err != nil {
		return nil, nil, err
	}
	from := t.reference(v)
	made, err := r.launch(launch{
		data: v.Data, subnet: at, template: from, reservation: r.newID("r"), token: r.uuid(), group: g.Name,
		tags: g.launchTags(),
	})
	return made, from, err
}

// capacity asks the faults of RunInstances, which is what Auto Scaling calls.
func (r *region) capacity(d launchData, at *subnet) error {
	happens := r.mishap("ec2", "RunInstances")
	if happens == nil {
		return nil
	}
	return fail(happens.code, "%s", orElse(happens.message, fmt.Sprintf("We currently do not have sufficient %s capacity "+
		"in the Availability Zone you requested (%s).", d.InstanceType, at.Zone)))
}

// byRoom are the subnets for the next member, that of the zone with the fewest first; during a refresh, with the fewest
// that stay when it is over.
func (g *scalingGroup) byRoom(r *region) []*subnet {
	stay, all := map[string]int{}, map[string]int{}
	f := g.rolling()
	for _, m := range g.Members {
		if !m.staying() {
			continue
		}
		all[m.Zone]++
		if f == nil || !slices.Contains(f.Old, m.ID) {
			stay[m.Zone]++
		}
	}
	return slices.SortedStableFunc(slices.Values(g.places(r)), func(a, b *subnet) int {
		return cmp.Or(cmp.Compare(stay[a.Zone], stay[b.Zone]), cmp.Compare(all[a.Zone], all[b.Zone]))
	})
}

// launchTags are the tags that an instance gets from its group.
func (g *scalingGroup) launchTags() []tag {
	out := []tag{{"aws:autoscaling:groupName", g.Name}}
	for _, t := range g.Tags {
		if t.AtLaunch {
			out = append(out, tag{t.Key, t.Value})
		}
	}
	return out
}
