package main

import (
	"cmp"
	"errors"
	"fmt"
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

// noStackError is that a command about a stack meets none, and no region to look in.
type noStackError struct{ name, location string }

func (e *noStackError) Error() string {
	return fmt.Sprintf("there is no stack %s here: no state at %s, and no region is given", e.name, e.location)
}

// present are the regions of `status` and `down`: those asked for, else the state's, else the file's.
func (f *flags) present(cfg *config.Config, d state.Document) ([]string, error) {
	if f.regionsGiven() {
		return cfg.Regions, nil
	}
	if known := d.RegionNames(); len(known) > 0 {
		return known, nil
	}
	if len(cfg.Regions) == 0 {
		return nil, usageError{&noStackError{cfg.Name, cmp.Or(cfg.State.S3, cfg.State.Path)}}
	}
	return cfg.Regions, nil
}
