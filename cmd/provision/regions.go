package main

import (
	"errors"
	"os"

	"provision/pkg/config"
	"provision/pkg/state"
)

// wanted are the regions of `up` and `plan`: those given, else the file's, else the state's.
func wanted(cfg *config.Config, d state.Document) ([]string, error) {
	regions := cfg.Regions
	if len(regions) == 0 {
		regions = d.RegionNames()
	}
	if len(regions) == 0 {
		return nil, usageError{errors.New("no region is given: say --regions eu-west-1,us-east-1, or `regions:` in provision.yaml")}
	}
	return regions, nil
}

// regionsGiven says whether somebody asked for regions now, rather than once and for all in the file.
func (f *flags) regionsGiven() bool {
	return len(f.regions) > 0 || os.Getenv(config.EnvName("regions")) != ""
}

// present are the regions of `status` and `down`: those asked for, else the state's.
func (f *flags) present(cfg *config.Config, d state.Document) ([]string, error) {
	if f.regionsGiven() {
		return cfg.Regions, nil
	}
	if known := d.RegionNames(); len(known) > 0 {
		return known, nil
	}
	return wanted(cfg, d)
}
