package config

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const fleetFile = `
regions: [eu-west-1, us-east-1]
state: {s3: s3://states/fleet/}
defaults: {compute: {min: 1, max: 4}, lb: {interval: 15s}}
overrides:
  us-east-1: {compute: {min: 2}, network: {nat: single}}
targets:
  plain: {account: "111122223333"}
  own:
    role_arn: arn:aws:iam::444455556666:role/apply
    regions: [us-east-1, ap-south-1]
    defaults: {compute: {min: 3}, network: {nat: regional}}
    overrides: {us-east-1: {compute: {min: 4}}}
  bare:
`

func mustTarget(t *testing.T, c *Config, name string) *Config {
	t.Helper()
	target, err := c.ForTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestTargets(t *testing.T) {
	c := mustLoad(t, fleetFile, Overrides{})
	if diff := cmp.Diff([]string{"bare", "own", "plain"}, c.Targets); diff != "" {
		t.Error(diff)
	}
	plain, own := mustTarget(t, c, "plain"), mustTarget(t, c, "own")
	if diff := cmp.Diff(Target{"plain", "111122223333", ""}, plain.Target); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Target{"own", "444455556666", "arn:aws:iam::444455556666:role/apply"}, own.Target); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"eu-west-1", "us-east-1"}, plain.Regions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"us-east-1", "ap-south-1"}, own.Regions); diff != "" {
		t.Error(diff)
	}
	if plain.State.S3 != "s3://states/fleet/plain" || own.State.S3 != "s3://states/fleet/own" {
		t.Errorf("the states are at %s and %s", plain.State.S3, own.State.S3)
	}
	if own.Targets != nil || c.State.S3 != "s3://states/fleet/" {
		t.Errorf("a target has the targets %q, and left the file with the state %s", own.Targets, c.State.S3)
	}
}

// The closer to the region of the target a setting is, the stronger.
func TestTargetPrecedence(t *testing.T) {
	c := mustLoad(t, fleetFile, Overrides{})
	for _, test := range []struct {
		target, region string
		min            int
		nat            NATMode
	}{
		{"plain", "eu-west-1", 1, NATPerAZ},
		{"plain", "us-east-1", 2, NATSingle},
		{"own", "ap-south-1", 3, NATRegional},
		{"own", "us-east-1", 4, NATRegional},
		{"bare", "us-east-1", 2, NATSingle},
	} {
		s := mustRegion(t, mustTarget(t, c, test.target), test.region)
		if s.Compute.Min != test.min || s.Network.NAT != test.nat || s.LB.Interval.Seconds() != 15 {
			t.Errorf("%s in %s has min %d, nat %s, interval %s", test.target, test.region, s.Compute.Min, s.Network.NAT, s.LB.Interval)
		}
	}
	s := mustRegion(t, mustTarget(t, c, "own"), "us-east-1")
	if s.Compute.Desired != 4 {
		t.Errorf("desired is %d: it is drawn to the min that the target overrides", s.Compute.Desired)
	}
}

// Regions that are asked for choose among a target's, and never add one.
func TestTargetRegionsAskedFor(t *testing.T) {
	c := mustLoad(t, fleetFile, Overrides{Regions: []string{"ap-south-1", "eu-west-1"}})
	for target, want := range map[string][]string{"plain": {"eu-west-1"}, "own": {"ap-south-1"}} {
		if diff := cmp.Diff(want, mustTarget(t, c, target).Regions); diff != "" {
			t.Errorf("%s: %s", target, diff)
		}
	}
	c = mustLoad(t, fleetFile, Overrides{Regions: []string{"eu-west-1"}})
	_, err := c.ForTarget("own")
	if elsewhere, ok := errors.AsType[*ElsewhereError](err); !ok {
		t.Errorf("got %v, want that the target is elsewhere", elsewhere)
	}
	c = mustLoad(t, "targets: {a: , b: {regions: [eu-west-1]}}\n", Overrides{Regions: []string{"sa-east-1"}})
	if diff := cmp.Diff([]string{"sa-east-1"}, mustTarget(t, c, "a").Regions); diff != "" {
		t.Errorf("where the file names no region: %s", diff)
	}
}

func TestUnknownTarget(t *testing.T) {
	c := mustLoad(t, fleetFile, Overrides{})
	for name, want := range map[string]string{
		"plian": `unknown target "plian"; did you mean "plain"?`,
		"xxxxx": `unknown target "xxxxx"; there are bare, own, plain`,
	} {
		if _, err := c.ForTarget(name); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestTargetStateInAFile(t *testing.T) {
	c := mustLoad(t, "targets: {a: {account: \"111122223333\"}}\n", Overrides{})
	if got := mustTarget(t, c, "a").State.Path; got != ".provision/a/web.json" {
		t.Errorf("the state is at %s", got)
	}
}

func TestExplainTarget(t *testing.T) {
	c := mustTarget(t, mustLoad(t, fleetFile, Overrides{}), "own")
	region, err := c.Explain("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range append(c.ExplainStack(), region...) {
		got[e.Path] = e.Value + " <- " + e.Origin.String()
	}
	for path, want := range map[string]string{
		"targets.own.role_arn": "arn:aws:iam::444455556666:role/apply <- provision.yaml:10:15",
		"regions":              "us-east-1, ap-south-1 <- provision.yaml:11:14",
		"state.s3":             "s3://states/fleet/own <- provision.yaml:3:13",
		"network.nat":          "regional <- provision.yaml:12:50",
		"compute.min":          "4 <- provision.yaml:13:44",
	} {
		if diff := cmp.Diff(want, got[path]); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
}
