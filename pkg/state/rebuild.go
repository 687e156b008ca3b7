package state

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"provision/pkg/graph"
)

// Finding is what exists in a region and may be a stack's.
type Finding struct {
	Facts  Facts            // read back from the things, or decided afresh
	Things []graph.Identity // whatever carries the stack's tag and is not gone
}

// Rebuild reconstructs the document of a stack from the tags of the resources in its regions. It equals the lost one
// but for its serials and times. If the run's Owner is set, only that owner's resources count; otherwise all must have
// one owner, or an [OwnersError] lists them. Two resources of one key are a [graph.DuplicateError]; none is
// [ErrNothing].
func Rebuild(run Head, found map[string]Finding, now time.Time) (Document, error) {
	owner, err := soleOwner(run, found)
	if err != nil {
		return Document{}, err
	}
	run.Owner, run.Created = owner, stamp(now)
	d := Document{Schema: Schema, Head: run, Serial: 1, Updated: stamp(now), Regions: map[string]Region{}}
	for name, finding := range found {
		region, err := rebuildRegion(run, finding, stamp(now))
		if err != nil {
			return Document{}, fmt.Errorf("%s: %w", name, err)
		}
		if len(region.Resources) > 0 {
			d.Regions[name] = region
		}
	}
	return d, d.validate()
}

func rebuildRegion(run Head, finding Finding, now time.Time) (Region, error) {
	region := Region{Facts: finding.Facts, Serial: 1, Resources: map[graph.Key]Resource{}}.clone()
	for _, i := range finding.Things {
		if !(graph.Owner{Stack: run.Stack, ID: run.Owner}).Owns(i) || i.Key() == "" {
			continue
		}
		if other, twice := region.Resources[i.Key()]; twice && other.ID != i.ID {
			return Region{}, &graph.DuplicateError{Key: i.Key(), IDs: []string{other.ID, i.ID}}
		}
		region.Resources[i.Key()] = Resource{ID: i.ID, Nonce: i.Nonce(), Since: now}
	}
	return region, nil
}

// soleOwner is the one owner of the resources.
func soleOwner(run Head, found map[string]Finding) (string, error) {
	examples := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		for _, i := range found[name].Things {
			if i.Stack() == run.Stack && i.Owner() != "" && examples[i.Owner()] == "" {
				examples[i.Owner()] = fmt.Sprintf("%s (has %s %s in %s)", i.Owner(), i.Key(), i.ID, name)
			}
		}
	}
	_, wanted := examples[run.Owner]
	switch {
	case wanted:
		return run.Owner, nil
	case len(examples) == 0 || run.Owner != "":
		return "", ErrNothing
	case len(examples) > 1:
		return "", &OwnersError{Stack: run.Stack, Owners: slices.Sorted(maps.Values(examples))}
	}
	return slices.Collect(maps.Keys(examples))[0], nil
}

// sameAs reports whether two documents record the same resources, whatever their serials and times are.
func (d Document) sameAs(other Document) bool {
	if d.Owner != other.Owner || d.Check(other.Head) != nil || len(d.Regions) != len(other.Regions) {
		return false
	}
	for name, region := range d.Regions {
		theirs, ok := other.Regions[name]
		same := ok && region.equal(theirs.Facts) && maps.EqualFunc(region.Resources, theirs.Resources,
			func(a, b Resource) bool { return a.ID == b.ID && a.Nonce == b.Nonce })
		if !same {
			return false
		}
	}
	return true
}
