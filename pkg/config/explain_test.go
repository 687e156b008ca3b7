package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExplain(t *testing.T) {
	c := mustLoad(t, `name: shop
tags: {team: a}
defaults:
  network: {nat: single}
  compute: {desired: 2}
overrides:
  eu-west-1:
    compute: {min: 3}
`, Overrides{Regions: []string{"eu-west-1"}, Env: env(map[string]string{"PROVISION_FAILURE_TOLERANCE": "1"})})
	region, err := c.Explain("eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range append(c.ExplainStack(), region...) {
		got[e.Path] = e.Value + " <- " + e.Origin.String()
	}
	for path, want := range map[string]string{
		"name":                      "shop <- provision.yaml:1:7",
		"regions":                   "eu-west-1 <- --regions",
		"rollout.failure_tolerance": "1 <- PROVISION_FAILURE_TOLERANCE",
		"tags.team":                 "a <- provision.yaml:2:14",
		"state.path":                ".provision/shop.json <- default",
		"network.nat":               "single <- provision.yaml:4:18",
		"network.cidr":              "10.9.0.0/16 <- from network.supernet, region number 9",
		"compute.min":               "3 <- provision.yaml:8:20",
		"compute.desired":           "3 <- from compute.min",
		"compute.max":               "4 <- default",
		"lb.interval":               "10s <- default",
		"verify.timeout":            "5m <- default",
	} {
		if diff := cmp.Diff(want, got[path]); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	if _, err := c.Explain("eu-west-9"); err == nil {
		t.Error("an unknown region was explained")
	}
}
