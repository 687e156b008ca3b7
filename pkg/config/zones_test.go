package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The IDs are those of "AWS Availability Zone IDs".
func TestZonePrefix(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "use1-az", "us-west-2": "usw2-az", "ap-northeast-1": "apne1-az", "ap-southeast-7": "apse7-az",
		"ap-east-2": "ape2-az", "ap-south-2": "aps2-az", "ca-central-1": "cac1-az", "il-central-1": "ilc1-az",
		"eu-north-1": "eun1-az", "cn-northwest-1": "cnnw1-az", "us-gov-west-1": "usgw1-az", "me-south-1": "mes1-az",
	} {
		if got := zonePrefix(region); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

func TestZonesOfEachRegion(t *testing.T) {
	file := filepath.Join(t.TempDir(), "provision.yaml")
	settings := `
regions: [us-east-1, eu-west-1, us-west-2]
defaults:
  network: {azs: 3, zones: [use1-az6, use1-az1, usw2-az1, usw2-az2, usw2-az3], avoid_zones: [euw1-az1, use1-az3]}
overrides:
  us-east-1: {network: {zones: [use1-az2, use1-az4]}}
`
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	for region, want := range map[string]struct {
		zones, avoid []string
		azs          int
	}{
		"us-east-1": {[]string{"use1-az2", "use1-az4"}, []string{"use1-az3"}, 2},
		"eu-west-1": {nil, []string{"euw1-az1"}, 3},
		"us-west-2": {[]string{"usw2-az1", "usw2-az2", "usw2-az3"}, nil, 3},
	} {
		s, err := c.Region(region)
		if err != nil {
			t.Fatal(err)
		}
		n := s.Network
		if !slices.Equal(n.Zones, want.zones) || !slices.Equal(n.Avoid, want.avoid) || n.AZs != want.azs || n.LeastAZs != want.azs {
			t.Errorf("%s: zones %v, avoided %v, %d to %d", region, n.Zones, n.Avoid, n.LeastAZs, n.AZs)
		}
	}
}
