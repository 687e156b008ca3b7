package config

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Target is one account of a fleet; each target has the same stack.
type Target struct {
	Name    string // empty: the settings are those of a single stack
	Account string // 12 digits, or empty: that of the credentials
	RoleARN string // to assume, on top of the credentials of the run; empty: none
}

// targetSettings is the shape of a target in the file.
type targetSettings struct {
	Account   string              `yaml:"account" jsonschema:"pattern=^[0-9]{12}$"`
	RoleARN   string              `yaml:"role_arn" jsonschema:"pattern=^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"`
	Regions   []string            `yaml:"regions" jsonschema:"uniqueItems=true"`
	Defaults  Settings            `yaml:"defaults"`
	Overrides map[string]Settings `yaml:"overrides"`
}

// path is where a setting of the target is in the file, or one of the file's own where there is no target.
func (t Target) path(setting string) string {
	if t.Name == "" {
		return setting
	}
	return "targets." + t.Name + "." + setting
}

// TargetError says that no target of this name is in the file.
type TargetError struct{ Name, Hint string }

func (e *TargetError) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("unknown target %q", e.Name)
	}
	return fmt.Sprintf("unknown target %q; %s", e.Name, e.Hint)
}

// ElsewhereError says that a target is in none of the regions that were asked for.
type ElsewhereError struct {
	Target  string
	Regions []string // of the target
	Asked   []string
}

func (e *ElsewhereError) Error() string {
	return fmt.Sprintf("the target %s is in %s, and not in %s", e.Target, strings.Join(e.Regions, ", "),
		strings.Join(e.Asked, ", "))
}

// ForTarget is what the file means for one of its targets, as if that were all that is in it: a stack with regions,
// settings and a state of its own. Regions that flags and variables name choose among the target's.
func (c *Config) ForTarget(name string) (*Config, error) {
	if !slices.Contains(c.Targets, name) {
		hint := DidYouMean(name, c.Targets)
		if hint == "" && len(c.Targets) > 0 {
			hint = "there are " + strings.Join(c.Targets, ", ")
		}
		return nil, &TargetError{Name: name, Hint: hint}
	}
	t := c.target(name)
	own, given := c.targetRegions(name), c.merged["regions"]
	t.merged["regions"], t.Regions = own, known(listOf(own))
	switch {
	case given.at.Source != FromFlag && given.at.Source != FromEnv:
		return t, nil
	case len(t.Regions) == 0:
		t.merged["regions"], t.Regions = given, listOf(given)
		return t, nil
	}
	asked := listOf(given)
	given.data = slices.DeleteFunc(slices.Clone(t.Regions), func(region string) bool { return !slices.Contains(asked, region) })
	if len(listOf(given)) == 0 {
		return nil, &ElsewhereError{Target: name, Regions: t.Regions, Asked: asked}
	}
	t.merged["regions"], t.Regions = given, listOf(given)
	return t, nil
}

// target is the settings as one target sees them. Its state is a place below that of the file.
func (c *Config) target(name string) *Config {
	t, at := *c, "targets."+name+"."
	t.Targets = nil
	t.merged = maps.Clone(c.merged)
	maps.DeleteFunc(t.merged, func(path string, _ value) bool {
		return strings.HasPrefix(path, "targets.") && !strings.HasPrefix(path, at)
	})
	t.Target = Target{Name: name, Account: t.merged[at+"account"].text(), RoleARN: t.merged[at+"role_arn"].text()}
	if t.Target.Account == "" {
		t.Target.Account = accountOf(t.Target.RoleARN)
	}
	t.files = nil
	for _, file := range c.files {
		t.files = append(t.files, belowTarget(file, name))
	}
	if t.State.S3 != "" {
		t.State.S3 = strings.TrimRight(t.State.S3, "/") + "/" + name
	} else {
		t.State.Path = belowTarget(t.State.Path, name)
	}
	t.merged.replace("state.s3", t.State.S3)
	t.merged.replace("state.path", t.State.Path)
	return &t
}

// targetRegions are the regions that the file gives a target: its own, or those of all.
func (c *Config) targetRegions(name string) value {
	if own := c.merged["targets."+name+".regions"]; !own.isZero() {
		return own
	}
	return c.regions
}

// belowTarget is where a target has what a single stack has in a file.
func belowTarget(file, target string) string {
	return filepath.Join(filepath.Dir(file), target, filepath.Base(file))
}

// Listed are the regions that the file gives the stack, whatever this run is about; none where it lists none.
func (c *Config) Listed() []string {
	if c.Target.Name != "" {
		return listOf(c.targetRegions(c.Target.Name))
	}
	return listOf(c.regions)
}

// accountOf is the account in the ARN of a role; empty if there is none.
func accountOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 4 {
		return parts[4]
	}
	return ""
}

// targetNames are the names of the file's targets, sorted.
func targetNames(file *reader) []string {
	var names []string
	for key := range file.keys {
		if name, isTarget := strings.CutPrefix(key, "targets."); isTarget && !strings.Contains(name, ".") {
			names = append(names, name)
		}
	}
	return slices.Sorted(slices.Values(names))
}
