package config

import (
	"os"
	"path/filepath"
	"testing"
)

// For any text of a file, reading it neither crashes nor hangs, a mistake points into the file, and what was accepted
// has valid settings for each of its regions.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "errors", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(string(Init("web", nil)))
	f.Add("targets: {a: {account: \"123456789012\", regions: [eu-west-1]}, b: {defaults: {compute: {min: 3}}}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		mistakes := newMistakes(text)
		c := parseConfig(FileName, text, Overrides{}, mistakes)
		lines := len(splitLines(text))
		for _, e := range mistakes.found {
			if e.Origin.Source == FromFile && (e.Origin.Line < 0 || e.Origin.Line > lines) {
				t.Errorf("a mistake in line %d of %d: %v", e.Origin.Line, lines, e)
			}
			if e.Error() == "" || e.Message == "" {
				t.Error("a mistake without a text")
			}
		}
		if mistakes.err() != nil {
			return
		}
		all := []*Config{c}
		for _, name := range c.Targets {
			target, err := c.ForTarget(name)
			if err != nil {
				t.Fatalf("target %s was accepted, but then %v", name, err)
			}
			all = append(all, target)
		}
		for _, c := range all {
			checkAccepted(t, c)
		}
	})
}

func checkAccepted(t *testing.T, c *Config) {
	for _, region := range c.Regions {
		s, err := c.Region(region)
		if err != nil {
			t.Errorf("%s was accepted, but then %v", region, err)
		}
		for zone := range s.Network.AZs {
			if _, _, err := Subnets(s.Network.CIDR, zone); err != nil {
				t.Error(err)
			}
		}
		if s.Compute.Min > s.Compute.Desired || s.Compute.Desired > s.Compute.Max {
			t.Errorf("sizes out of order: %+v", s.Compute)
		}
	}
}
