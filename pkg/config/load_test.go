package config

import (
	"bytes"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// load reads a file with this text, in a folder of its own.
func load(t *testing.T, text string, opts Overrides) (*Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile(FileName, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(FileName, opts)
}

func mustLoad(t *testing.T, text string, opts Overrides) *Config {
	t.Helper()
	c, err := load(t, text, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustRegion(t *testing.T, c *Config, region string) Settings {
	t.Helper()
	s, err := c.Region(region)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func env(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := variables[name]
		return text, ok
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	c, err := Load("", Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Name: "web", Tags: map[string]string{},
		State:   State{Path: filepath.FromSlash(".provision/web.json"), Lease: time.Minute},
		Rollout: Rollout{MaxConcurrentTargets: 10},
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	settings := Defaults()
	settings.Region, settings.Tags = "eu-west-1", map[string]string{}
	settings.Network.CIDR, settings.Network.LeastAZs = netip.MustParsePrefix("10.9.0.0/16"), 2
	settings.Compute.Start = settings.Compute.Desired
	equalPrefix := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
	if diff := cmp.Diff(settings, mustRegion(t, c, "eu-west-1"), equalPrefix); diff != "" {
		t.Error(diff)
	}
}

// Some editors put a mark before the text, which belongs to no field.
func TestLoadWithAByteOrderMark(t *testing.T) {
	if c := mustLoad(t, "\ufeffversion: 1\nname: shop\n", Overrides{}); c.Name != "shop" {
		t.Errorf("the name is %q", c.Name)
	}
	_, err := load(t, "\ufeffnane: shop\n", Overrides{})
	if err == nil || !strings.Contains(err.Error(), `unknown field "nane"`) {
		t.Errorf("got %v", err)
	}
}

// A number of zones that the user set is required; of the default, two will do.
func TestLeastZones(t *testing.T) {
	for file, want := range map[string]int{
		"version: 1": 2,
		"version: 1\ndefaults: {network: {azs: 3}}":               3,
		"version: 1\noverrides: {us-west-1: {network: {azs: 4}}}": 4,
		"version: 1\noverrides: {eu-west-1: {network: {azs: 4}}}": 2,
	} {
		if got := mustRegion(t, mustLoad(t, file+"\n", Overrides{}), "us-west-1").Network.LeastAZs; got != want {
			t.Errorf("%q: %d, want %d", file, got, want)
		}
	}
}

func TestLoadTheWholeFile(t *testing.T) {
	c := mustLoad(t, `
version: 1
name: shop
regions: [eu-west-1, us-east-1]
guard:
  accounts: [012345678901]
  roles: ["arn:aws:iam::*:role/provision-*"]
  regions: ["eu-*", us-east-1]
  protect: true
  max_destroy: 3
rollout: {max_concurrent: 2, failure_tolerance: 1}
state: {s3: s3://bucket/prefix, kms_key: alias/state, lease: 90s}
tags: {team: platform, "cost:center": 12}
defaults:
  network: {supernet: 10.0.0.0/8, prefix: 18, azs: 3, nat: per-az}
  compute: {type: t4g.small, min: 2, max: 4, desired: 2, user_data: "builtin:nginx"}
  lb: {interval: 15s}
overrides:
  us-east-1:
    network: {nat: single, cidr: 10.200.0.0/20}
    compute: {min: 3, max: 6, ami: ami-0123456789abcdef0}
    lb: {tls: {certificate_arn: "arn:aws:acm:us-east-1:012345678901:certificate/x"}}
`, Overrides{})
	want := &Config{
		File: FileName, Name: "shop", Regions: []string{"eu-west-1", "us-east-1"},
		Guard: Guard{
			Accounts: []string{"012345678901"}, Roles: []string{"arn:aws:iam::*:role/provision-*"},
			Regions: []string{"eu-*", "us-east-1"}, Protect: true, MaxDestroy: 3,
		},
		Rollout: Rollout{MaxConcurrent: 2, MaxConcurrentTargets: 10, FailureTolerance: 1},
		State:   State{S3: "s3://bucket/prefix", KMSKey: "alias/state", Lease: 90 * time.Second},
		Tags:    map[string]string{"team": "platform", "cost:center": "12"},
	}
	if diff := cmp.Diff(want, c, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Error(diff)
	}
	eu, us := mustRegion(t, c, "eu-west-1"), mustRegion(t, c, "us-east-1")
	if got := eu.Network.CIDR.String(); got != "10.2.64.0/18" {
		t.Errorf("eu-west-1 has %s", got)
	}
	if eu.Compute.AMI != "al2023" || eu.Compute.Desired != 2 || eu.LB.TLS.On() || eu.LB.Interval != 15*time.Second {
		t.Errorf("eu-west-1 has what us-east-1 overrides, or not what is the default: %+v", eu)
	}
	if got := us.Network; got.CIDR.String() != "10.200.0.0/20" || got.NAT != NATSingle || got.AZs != 3 {
		t.Errorf("us-east-1 has %+v", got)
	}
	if got := us.Compute; got.Min != 3 || got.Max != 6 || got.Desired != 3 || got.Type != "t4g.small" {
		t.Errorf("us-east-1 has %+v: desired is drawn to the overridden min, and the rest is kept", got)
	} else if got.Start != 2 {
		t.Errorf("us-east-1 starts from %d: a min that draws desired is no change of the setting", got.Start)
	}
	if !us.LB.TLS.On() {
		t.Error("us-east-1 has no TLS")
	}
}

func TestLoadPrecedence(t *testing.T) {
	const file = "name: file\nregions: [eu-west-1]\nguard: {max_destroy: 1}\nstate: {s3: s3://file, kms_key: k}\n"
	three := 3
	variables := map[string]string{
		"PROVISION_NAME": "env", "PROVISION_REGIONS": "us-east-1, us-east-2", "PROVISION_MAX_DESTROY": "2",
		"PROVISION_FAILURE_TOLERANCE": "",
	}
	for _, test := range []struct {
		name         string
		opts         Overrides
		want         string
		regions      []string
		destroy      int
		state        State
		nameOrigin   string
		stateOrigins string
	}{
		{
			"file",
			Overrides{},
			"file",
			[]string{"eu-west-1"},
			1,
			State{S3: "s3://file", KMSKey: "k"},
			"provision.yaml:1:7", "provision.yaml:4:13",
		},
		{
			"environment",
			Overrides{Env: env(variables)},
			"env",
			[]string{"us-east-1", "us-east-2"},
			2,
			State{S3: "s3://file", KMSKey: "k"},
			"PROVISION_NAME", "provision.yaml:4:13",
		},
		{
			"flags",
			Overrides{Name: "flag", Regions: []string{"sa-east-1"}, MaxDestroy: &three, State: "x.json", Env: env(variables)},
			"flag",
			[]string{"sa-east-1"},
			3,
			State{Path: "x.json"},
			"--name", "--state",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := mustLoad(t, file, test.opts)
			test.state.Lease = time.Minute
			got := []any{c.Name, c.Regions, c.Guard.MaxDestroy, c.State}
			if diff := cmp.Diff([]any{test.want, test.regions, test.destroy, test.state}, got); diff != "" {
				t.Error(diff)
			}
			for _, e := range c.ExplainStack() {
				if e.Path == "name" && e.Origin.String() != test.nameOrigin {
					t.Errorf("the name comes from %s", e.Origin)
				}
				if e.Path == "state.s3" && e.Origin.String() != test.stateOrigins {
					t.Errorf("the state comes from %s", e.Origin)
				}
			}
		})
	}
}

func TestLoadPlacesTheState(t *testing.T) {
	for _, test := range []struct{ name, file, flag, want string }{
		{"default is beside the file", "name: shop", "", "infra/.provision/shop.json"},
		{"the file's is beside the file", "state: {path: s.json}", "", "infra/s.json"},
		{"the flag's is where one stands", "state: {path: s.json}", "t.json", "t.json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := errors.Join(os.Mkdir("infra", 0o700), os.WriteFile("infra/x.yaml", []byte(test.file), 0o600)); err != nil {
				t.Fatal(err)
			}
			c, err := Load("infra/x.yaml", Overrides{State: test.flag})
			if err != nil {
				t.Fatal(err)
			}
			if c.State.Path != filepath.FromSlash(test.want) {
				t.Errorf("the state is at %s, want %s", c.State.Path, test.want)
			}
		})
	}
}

func TestLoadUserData(t *testing.T) {
	t.Chdir(t.TempDir())
	script := append([]byte("#!/bin/sh\n"), bytes.Repeat([]byte("#"), maxScript-len("#!/bin/sh\n"))...)
	err := errors.Join(os.Mkdir("infra", 0o700), os.WriteFile("infra/setup.sh", script, 0o600),
		os.WriteFile("infra/x.yaml", []byte("defaults: {compute: {user_data: file:./setup.sh}}"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load("infra/x.yaml", Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if s := mustRegion(t, c, "eu-west-1"); !bytes.Equal(s.Compute.Script, script) {
		t.Errorf("read %d bytes of user data, want %d", len(s.Compute.Script), len(script))
	}
	if err := os.WriteFile("infra/setup.sh", append(script, '#'), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load("infra/x.yaml", Overrides{})
	if err == nil || !strings.Contains(err.Error(), "more than the 16384 bytes") {
		t.Errorf("a script too large: %v", err)
	}
}

func TestLoadMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), FileName), Overrides{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "provision config init") {
		t.Errorf("got %v", err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	if path, ok := Find(dir); ok {
		t.Errorf("found %s in an empty folder", path)
	}
	want := filepath.Join(dir, FileName)
	if err := os.WriteFile(want, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if path, ok := Find(dir); !ok || path != want {
		t.Errorf("found %q, %t", path, ok)
	}
}

func TestRegionThatDoesNotSuit(t *testing.T) {
	c := mustLoad(t, "regions: [us-east-1]\ndefaults: {network: {supernet: 10.0.0.0/13}}", Overrides{})
	_, err := c.Region("eu-west-1")
	want := `provision.yaml:2:32: defaults.network.supernet: 10.0.0.0/13 has no room for a /16 of eu-west-1, ` +
		`the region number 9: it holds numbers 0 to 7; use a larger supernet, a longer prefix, or ` +
		`set overrides.eu-west-1.network.cidr
   2 | defaults: {network: {supernet: 10.0.0.0/13}}
     |                                ^^^^^^^^^^^`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	_, err = c.Region("eu-west-9")
	if err == nil || !strings.Contains(err.Error(), `unknown region "eu-west-9"; did you mean "eu-west-1"?`) {
		t.Errorf("got %v", err)
	}
}
