package config

import (
	"errors"
	"slices"
	"strings"
)

// LoadPresent is [Load] for commands that work on what is there, whatever the settings want. Mistakes are kept in
// [Config.Mistakes], unless they may hide which stack is meant, or where its state is: these are the error.
func LoadPresent(path string, opts Overrides) (*Config, error) {
	c, err := read(path, opts)
	found, mistaken := errors.AsType[Errors](err)
	if !mistaken || c == nil {
		return c, err
	}
	if slices.ContainsFunc(found, c.hidesStack) {
		return nil, err
	}
	c.Mistakes, c.Regions = found, known(c.Regions)
	return c, nil
}

// identifying are the settings that say which stack is meant, who may touch it and where its state is.
var identifying = []string{"name", "state", "guard", "targets"}

// hidesStack says whether a mistake leaves open which stack is meant. A flag or variable is typed for this run, so that it
// is corrected now.
func (c *Config) hidesStack(e Error) bool {
	switch section, rest, _ := strings.Cut(e.Setting, "."); {
	case e.Origin.Source != FromFile:
		return e.Origin.Source != Derived
	case e.unknown != "":
		return c.mayMean(e) || section == "state"
	case section == "targets":
		parts := strings.Split(rest, ".")
		return len(parts) < 2 || parts[1] == "account" || parts[1] == "role_arn"
	default:
		return slices.Contains([]string{"", "version", "name", "state"}, section) // "": the file as a whole
	}
}

// mayMean says whether an unknown field may be a misspelled or misplaced one that identifies the stack and that the file
// lacks. At the top of the file, one that resembles no field at all may be the name.
func (c *Config) mayMean(e Error) bool {
	var lacking []string
	for _, name := range identifying {
		if !c.inFile(name) {
			lacking = append(lacking, name)
		}
	}
	if slices.Contains(lacking, e.unknown) || DidYouMean(e.unknown, lacking) != "" {
		return true
	}
	return e.Setting == "" && strings.HasPrefix(e.Hint, knownHere) && slices.Contains(lacking, "name")
}

// inFile says whether a section or setting is given at all.
func (c *Config) inFile(name string) bool {
	for path, v := range c.merged {
		if (path == name || strings.HasPrefix(path, name+".")) && v.at.Source != FromDefault && v.at.Source != "" {
			return true
		}
	}
	return false
}

// Unguarded are the mistakes in what limits the program: what deletes must not go by the rest of it.
func (c *Config) Unguarded() error {
	var all Errors
	for _, e := range c.Mistakes {
		if section, _, _ := strings.Cut(e.Setting, "."); section == "guard" {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// Unclear are the mistakes that leave open what is wanted in a region; nil where there are none. Those of other regions
// and targets don't.
func (c *Config) Unclear(region string) error {
	return c.unclear(func(other string) bool { return other == region })
}

// UnclearAnywhere are those that leave open what is wanted in any region of this stack.
func (c *Config) UnclearAnywhere() error { return c.unclear(func(string) bool { return true }) }

func (c *Config) unclear(here func(region string) bool) error {
	var all Errors
	for _, e := range c.Mistakes {
		path := e.Setting
		if c.Target.Name != "" {
			path = strings.TrimPrefix(path, c.Target.path(""))
		}
		parts := strings.Split(path, ".")
		switch parts[0] {
		case "regions", "guard", "rollout", "targets":
			continue
		case "overrides":
			if len(parts) > 1 && !here(parts[1]) {
				continue
			}
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// known are the regions of a list that exist.
func known(regions []string) []string {
	return slices.DeleteFunc(slices.Clone(regions), func(region string) bool { _, is := regionIndex[region]; return !is })
}
