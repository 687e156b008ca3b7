package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Explained is an effective setting with the place it comes from.
type Explained struct {
	Path   string `json:"path"`  // such as "network.azs"
	Value  string `json:"value"` // as the file would have it; empty if it is not set
	Origin Origin `json:"origin"`
}

// ExplainStack lists the settings that hold for the whole stack, in the order of the file.
func (c *Config) ExplainStack() []Explained {
	var all []Explained
	for _, f := range fieldsOf(reflect.TypeFor[document]()) {
		if !strings.HasPrefix(f.path, "defaults.") {
			all = append(all, c.merged[f.path].explain(f.path))
		}
	}
	if c.Target.Name != "" {
		for _, setting := range []string{"account", "role_arn"} {
			path := c.Target.path(setting)
			all = append(all, c.merged[path].explain(path))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(c.merged)) {
		if strings.HasPrefix(path, "tags.") {
			all = append(all, c.merged[path].explain(path))
		}
	}
	return all
}

// Explain lists the settings of a region, in the order of the file. The error is that of [Config.Region].
func (c *Config) Explain(region string) ([]Explained, error) {
	mistakes := newMistakes(c.source)
	_, l := c.region(region, mistakes)
	if err := mistakes.err(); err != nil {
		return nil, err
	}
	var all []Explained
	for _, f := range fieldsOf(reflect.TypeFor[Settings]()) {
		all = append(all, l[f.path].explain(f.path))
	}
	return all, nil
}

func (v value) explain(path string) Explained {
	return Explained{Path: path, Value: v.text(), Origin: v.at}
}
