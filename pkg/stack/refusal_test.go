package stack_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// A run refuses a plan, before any write, if a region has a change that can't be made in place, or another owner's stack where
// the state knows nothing; it names every such region, and nothing refuses a plan without either.
func TestWhatAPlanIsRefusedFor(t *testing.T) {
	good := graph.Plan{Steps: []graph.Step{
		{Key: "vpc", Action: graph.Update, Changes: []graph.Change{{Field: "tags"}}},
		{Key: "igw", Action: graph.Replace, Changes: []graph.Change{{Field: "cidr", Fixed: "AWS keeps it"}}},
	}}
	fixed := graph.Plan{Steps: []graph.Step{
		{Key: "vpc", Action: graph.Update, Changes: []graph.Change{{Field: "cidr", Fixed: "AWS keeps it"}}},
	}}
	foreign := good
	foreign.Foreign = []graph.Identity{{ID: "vpc-9", Tags: map[string]string{graph.TagOwner: "another"}}}
	for name, c := range map[string]struct {
		global  *graph.Plan
		regions []*graph.Plan
		refused []string // regions
		foreign []string
	}{
		"nothing":                  {},
		"a good plan":              {&good, []*graph.Plan{&good, &good}, nil, nil},
		"a plan that failed":       {nil, []*graph.Plan{nil, &good}, nil, nil},
		"and one that is refused":  {nil, []*graph.Plan{nil, &fixed}, []string{"us-east-1"}, nil},
		"a change in place":        {&good, []*graph.Plan{&fixed, &good}, []string{"eu-west-1"}, nil},
		"one of what is once":      {&fixed, []*graph.Plan{&good}, []string{"global"}, nil},
		"another owner's":          {nil, []*graph.Plan{&good, &foreign}, nil, []string{"us-east-1"}},
		"several, of either kind":  {&foreign, []*graph.Plan{&fixed, &foreign}, []string{"eu-west-1"}, []string{"global", "us-east-1"}},
		"a plan that failed first": {nil, []*graph.Plan{nil, &foreign}, nil, []string{"us-east-1"}},
	} {
		plan := &stack.Plan{}
		if c.global != nil {
			plan.Global = &stack.Part{Region: "global", Plan: c.global}
		}
		for i, p := range c.regions {
			plan.Regions = append(plan.Regions, &stack.Part{Region: []string{"eu-west-1", "us-east-1"}[i], Plan: p})
		}
		synctest.Test(t, func(t *testing.T) {
			err := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1").run(t.Context(), func(s *stack.Stack) error { return s.Refusal(plan) })
			var refused, foreign []string
			for _, each := range joined(err) {
				if one, ok := errors.AsType[*graph.RefusedError](each); ok && len(one.Steps) > 0 {
					refused = append(refused, one.Region)
				}
				if one, ok := errors.AsType[*stack.ForeignError](each); ok && len(one.Things) > 0 {
					foreign = append(foreign, one.Region)
				}
			}
			if !slices.Equal(refused, c.refused) || !slices.Equal(foreign, c.foreign) || len(joined(err)) != len(refused)+len(foreign) {
				t.Errorf("%s: refused %q and foreign %q: %v", name, refused, foreign, err)
			}
		})
	}
}

// Settings that a region can't have are a reason as well; a read that failed, which may pass, is none.
func TestAPlanIsRefusedForWhatARegionCantHave(t *testing.T) {
	for _, misfit := range []error{
		&compute.ZonesError{}, &compute.ImageError{ID: "ami-1", Why: "it is deregistered"}, config.Errors{{Message: "the block is too small"}},
	} {
		plan := &stack.Plan{Regions: []*stack.Part{
			{Region: "eu-west-1", Err: fmt.Errorf("eu-west-1: %w", misfit)},
			{Region: "us-east-1", Err: errors.New("no answer")},
		}}
		synctest.Test(t, func(t *testing.T) {
			err := newWorld(t, sandbox.Options{}, "eu-west-1", "us-east-1").run(t.Context(), func(s *stack.Stack) error { return s.Refusal(plan) })
			if all := joined(err); len(all) != 1 || !errors.Is(all[0], plan.Regions[0].Err) {
				t.Errorf("%v: the refusal is %v", misfit, err)
			}
		})
	}
}

// An image that does not suit the other settings of one region, and an address range that does not fit into it, refuse the
// whole run before its first write, and name the region.
func TestAMisfitInOneRegionRefusesTheRun(t *testing.T) {
	const arm = "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
	for name, c := range map[string]struct{ override, want string }{
		"an image of another architecture": {`compute: {ami: "` + arm + `"}`, "it is for arm64, and compute.type, t3.micro, is x86_64"},
		"a range without room for zones":   {"network: {cidr: 10.99.0.0/24, azs: 5}", "10.99.0.0/24"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "us-east-1", "eu-west-1")
				w.settings(t, "version: 1\noverrides: {us-east-1: {"+c.override+"}}\n")
				_, err := w.up(t.Context())
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "us-east-1") {
					t.Errorf("up: %v, want the region and %q", err, c.want)
				}
				if w.calls.writes > 0 {
					t.Errorf("%d writes before the refusal", w.calls.writes)
				}
			})
		})
	}
}

// A type that a zone of the stack does not offer is refused by the plan; where the type stays, no call asks about it.
func TestATypeThatAZoneLacksIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		mustUp(t, w)
		for settings, asked := range map[string]bool{
			"version: 1\ndefaults: {compute: {type: t3.banana}}\n": true, "version: 1\ndefaults: {compute: {volume_gb: 9}}\n": false,
		} {
			w.settings(t, settings)
			w.calls.reset()
			var refusal error
			must(t, w.run(t.Context(), func(s *stack.Stack) error {
				plan := s.Plan(t.Context())
				refusal = s.Refusal(plan)
				return plan.Err()
			}))
			if lacking, ok := errors.AsType[*compute.OfferingError](refusal); ok != asked || ok && len(lacking.Zones) != 3 {
				t.Errorf("%s: the refusal is %v", settings, refusal)
			}
			if _, list := w.calls.in("eu-west-1"); strings.Contains(list, "DescribeInstanceTypeOfferings") != asked {
				t.Errorf("%s: the calls are\n%s", settings, list)
			}
		}
	})
}

// joined are the errors that one was made from.
func joined(err error) []error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		return all.Unwrap()
	}
	return nil
}

// A run whose state was lost meets its own stack as another's, and refuses to create a second one: no call writes.
func TestAStackThatTheStateDoesNotKnowIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{}, "eu-west-1")
		mustUp(t, w)
		before := w.left(t)
		w.path += ".lost"
		w.calls.reset()
		_, err := w.up(t.Context())
		foreign, ok := errors.AsType[*stack.ForeignError](err)
		if !ok || len(foreign.Things) == 0 || !strings.Contains(err.Error(), `eu-west-1: a stack "web" that this state does not know`) {
			t.Errorf("up: %v", err)
		}
		if w.calls.writes > 0 || w.left(t) != before {
			t.Errorf("%d calls wrote", w.calls.writes)
		}
	})
}
