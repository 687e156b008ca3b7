package stack_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// reviewed is a plan as it was saved.
func reviewed() stack.Saved {
	return stack.Saved{
		Program: "v1", Stack: "web", State: "web.json", Account: "1", Settings: "a", Regions: []string{"eu-west-1"},
		Parts: []stack.Kept{{
			Region: "eu-west-1", Serial: 7, Facts: state.Facts{AMI: "ami-1", Zones: []string{"az1", "az2"}},
			Steps: []stack.KeptStep{
				{Key: "vpc", Action: graph.Update, ID: "vpc-1", Changes: []stack.KeptChange{{Field: "tags", From: "a", To: "b"}}},
				{Key: "igw", Action: graph.Create},
			},
		}},
	}
}

// A stale plan names each thing that has moved since it was reviewed, and nothing else.
func TestAStalePlanNamesWhatHasMoved(t *testing.T) {
	step := func(v *stack.Saved, n int) *stack.KeptStep { return &v.Parts[0].Steps[n] }
	for name, c := range map[string]struct {
		move func(*stack.Saved)
		want []string
	}{
		"nothing":      {func(*stack.Saved) {}, nil},
		"the program":  {func(v *stack.Saved) { v.Program = "v2" }, []string{`the version of provision was "v1" and is "v2"`}},
		"the stack":    {func(v *stack.Saved) { v.Stack = "shop" }, []string{`the stack was "web" and is "shop"`}},
		"a target":     {func(v *stack.Saved) { v.Target = "eu" }, []string{`there was no target, and now it is "eu"`}},
		"the state":    {func(v *stack.Saved) { v.State = "b" }, []string{`the state was "web.json" and is "b"`}},
		"the account":  {func(v *stack.Saved) { v.Account = "2" }, []string{`the account was "1" and is "2"`}},
		"the endpoint": {func(v *stack.Saved) { v.Endpoint = "x" }, []string{`the endpoint was "AWS" and is "x"`}},
		"the sandbox":  {func(v *stack.Saved) { v.Sandbox = true }, []string{`the endpoint was "AWS" and is "sandbox"`}},
		"an owner":     {func(v *stack.Saved) { v.Owner = "o" }, []string{`there was no owner of the state, and now it is "o"`}},
		"the regions": {
			func(v *stack.Saved) { v.Regions = append(v.Regions, "us-east-1") },
			[]string{`the list of regions was "eu-west-1" and is "eu-west-1,us-east-1"`},
		},
		"--refresh-ami": {func(v *stack.Saved) { v.RefreshAMI = true }, []string{`the flag --refresh-ami was "false" and is "true"`}},
		"the settings":  {func(v *stack.Saved) { v.Settings = "b" }, []string{"the settings have changed"}},
		"the serial":    {func(v *stack.Saved) { v.Parts[0].Serial = 8 }, []string{"eu-west-1: the state was written since (serial 7, now 8)"}},
		"the image":     {func(v *stack.Saved) { v.Parts[0].Facts.AMI = "ami-2" }, []string{"eu-west-1: the image was ami-1 and is ami-2"}},
		"the zones": {
			func(v *stack.Saved) { v.Parts[0].Facts.Zones = []string{"az1", "az3"} },
			[]string{"eu-west-1: the zones were [az1 az2] and are [az1 az3]"},
		},
		"an action": {func(v *stack.Saved) { step(v, 1).Action = graph.Delete }, []string{"eu-west-1: igw: was to create, now to delete"}},
		"a change": {
			func(v *stack.Saved) { step(v, 0).Changes[0].To = "c" },
			[]string{`eu-west-1: vpc vpc-1: was to update (tags: "a" to "b"), now to update (tags: "a" to "c")`},
		},
		"an ID": {
			func(v *stack.Saved) { step(v, 1).ID = "igw-1" },
			[]string{"eu-west-1: igw: no longer to create", "eu-west-1: igw igw-1: now to create"},
		},
		"fewer steps": {
			func(v *stack.Saved) { v.Parts[0].Steps = v.Parts[0].Steps[:1] },
			[]string{"eu-west-1: igw: no longer to create"},
		},
		"another part": {
			func(v *stack.Saved) { v.Parts[0].Region = "us-east-1" },
			[]string{"eu-west-1: it is no longer planned", "us-east-1: the plan does not name it, and now there are 2 steps"},
		},
		"a fact without words": {
			func(v *stack.Saved) { v.Parts[0].Facts.RootDevice = "sdb" },
			[]string{"it is another plan, in a part that has no name here"},
		},
		"the settings and the account": {
			func(v *stack.Saved) { v.Settings, v.Account = "b", "2" },
			[]string{`the account was "1" and is "2"`, "the settings have changed"},
		},
	} {
		now := reviewed()
		c.move(&now)
		err := reviewed().Same(now)
		var got []string
		if stale, ok := errors.AsType[*stack.StalePlanError](err); ok {
			got = stale.Moved
		}
		if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != (c.want == nil) || err != nil && !errors.Is(err, state.ErrStale) {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}
