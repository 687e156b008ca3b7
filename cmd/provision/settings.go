package main

import (
	"os"

	"provision/pkg/config"
)

func (f *flags) loadConfig() (*config.Config, error) {
	overrides := config.Overrides{Name: f.name, Regions: f.regions, State: f.state, Env: os.LookupEnv}
	if f.maxConcurrent > 0 {
		overrides.MaxConcurrent = &f.maxConcurrent
	}
	if f.maxDestroy > 0 {
		overrides.MaxDestroy = &f.maxDestroy
	}
	cfg, err := config.Load(f.settingsFile(), overrides)
	if err != nil && !is[config.Errors](err) {
		err = usageError{err} // the file can't be read at all
	}
	return cfg, err
}

// settingsFile is the file that was given, or the one that is found by itself, if there is one.
func (f *flags) settingsFile() string {
	if found, ok := config.Find("."); ok && f.file == "" {
		return found
	}
	return f.file
}
