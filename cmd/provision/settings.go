package main

import (
	"os"

	"provision/pkg/config"
)

// loadConfig is what the settings mean for the one stack that a command is about.
func (f *flags) loadConfig() (*config.Config, error) {
	if f.loaded != nil {
		return f.loaded, nil
	}
	file, err := f.loadFile()
	if err != nil {
		return nil, err
	}
	return f.fleet.resolve(file)
}

// loadFile is the whole file, with what flags and variables say on it.
func (f *flags) loadFile() (*config.Config, error) {
	overrides := config.Overrides{Name: f.name, Regions: f.regions, State: f.state, Env: os.LookupEnv}
	for _, number := range []struct {
		typed int
		to    **int
	}{
		{f.maxConcurrent, &overrides.MaxConcurrent},
		{f.fleet.maxConcurrent, &overrides.MaxConcurrentTargets},
		{f.maxDestroy, &overrides.MaxDestroy},
	} {
		if number.typed > 0 {
			*number.to = &number.typed
		}
	}
	if f.toleranceTyped { // none is something to say, too
		overrides.FailureTolerance = &f.tolerance
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
