package inventory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"
)

// Global is the region of IAM's resources.
const Global = "global"

// Resource is one thing in an account.
type Resource struct {
	Region string // or Global
	Kind   string // in AWS's words, such as nat-gateway
	ID     string // ID, name or ARN
	Text   string // all that AWS says about it: JSON in one line, the same however AWS orders its lists
}

// String is the resource in one line.
func (r Resource) String() string { return r.key() + " " + r.Text }

func (r Resource) key() string { return r.Region + " " + r.Kind + " " + r.ID }

// Inventory is sorted by region, kind and ID.
type Inventory []Resource

// List lists everything in the regions and in IAM. It leaves out resources that AWS still describes after their end:
// NAT gateways that are deleted, instances that are terminated.
func List(ctx context.Context, cfg aws.Config, regions ...string) (Inventory, error) {
	found := make([]Inventory, len(regions)+1)
	group, ctx := errgroup.WithContext(ctx)
	for i, region := range regions {
		group.Go(func() (err error) {
			found[i], err = listAll(ctx, region, regionalKinds(clientsOf(cfg, region)))
			return err
		})
	}
	group.Go(func() (err error) {
		found[len(regions)], err = listAll(ctx, Global, globalKinds(clientsOf(cfg, cfg.Region)))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b Resource) int { return cmp.Compare(a.key(), b.key()) })
	return all, nil
}

func listAll(ctx context.Context, region string, kinds []kind) (Inventory, error) {
	var all Inventory
	for _, kind := range kinds {
		found, err := kind.list(ctx)
		if err != nil {
			return nil, fmt.Errorf("list each %s in %s: %w", kind.name, region, err)
		}
		for _, item := range found {
			text, err := canonical(item.value)
			if err != nil {
				return nil, fmt.Errorf("write down %s %s in %s: %w", kind.name, item.id, region, err)
			}
			all = append(all, Resource{Region: region, Kind: kind.name, ID: item.id, Text: text})
		}
	}
	return all, nil
}

// In returns what is in the region.
func (i Inventory) In(region string) Inventory {
	return i.Where(func(r Resource) bool { return r.Region == region })
}

// Of returns what is of the kind.
func (i Inventory) Of(kind string) Inventory {
	return i.Where(func(r Resource) bool { return r.Kind == kind })
}

// Without returns what is not in the other, whether or not it has changed: a new account is not empty, but has a
// default VPC in each region.
func (i Inventory) Without(other Inventory) Inventory {
	known := other.byKey()
	return i.Where(func(r Resource) bool { _, ok := known[r.key()]; return !ok })
}

// Within returns what is in the other as well, as it is here. Compare it with [Diff] to see what has changed.
func (i Inventory) Within(other Inventory) Inventory {
	known := other.byKey()
	return i.Where(func(r Resource) bool { _, ok := known[r.key()]; return ok })
}

// Where returns what the test is true for.
func (i Inventory) Where(keep func(Resource) bool) Inventory {
	var kept Inventory
	for _, r := range i {
		if keep(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// Count says how many there are of each kind.
func (i Inventory) Count() map[string]int {
	count := map[string]int{}
	for _, r := range i {
		count[r.Kind]++
	}
	return count
}

// IDs lists the IDs of what is there.
func (i Inventory) IDs() []string {
	ids := make([]string, len(i))
	for n, r := range i {
		ids[n] = r.ID
	}
	return ids
}

// String has a line per resource.
func (i Inventory) String() string {
	var text strings.Builder
	for _, r := range i {
		text.WriteString(r.String() + "\n")
	}
	return text.String()
}

func (i Inventory) byKey() map[string]Resource {
	byKey := make(map[string]Resource, len(i))
	for _, r := range i {
		byKey[r.key()] = r
	}
	return byKey
}
