package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"provision/pkg/config"
	"provision/pkg/fleet"
)

// fleetFlags choose among the targets of the settings.
type fleetFlags struct {
	targets       []string
	shard         string
	shards        int
	takeOver      bool
	maxConcurrent int
}

// jobIndex is what Kubernetes tells the pods of an Indexed Job, from 0. It does not tell how many there are.
const jobIndex = "JOB_COMPLETION_INDEX"

// addFleet adds what the commands take that work on many targets in one run.
func (f *fleetFlags) add(set *pflag.FlagSet, writes bool) {
	set.StringVar(&f.shard, "shard", "", "share of the targets that this run is for, as 2/4: the second of four")
	set.IntVar(&f.shards, "shards", 0, "number of shares, where "+jobIndex+" says which, from 0")
	set.IntVar(&f.maxConcurrent, "max-concurrent-targets", 0, "targets worked on at once (default 10)")
	if writes {
		set.BoolVar(&f.takeOver, "take-over", true, "stay until the other shares are done, and take over from a runner that died")
	}
}

// given says whether anything was said that only a fleet has. What Kubernetes says by itself does not count.
func (f *fleetFlags) given() bool { return len(f.targets) > 0 || f.shard != "" || f.shards != 0 }

// one is the target that was named, if it is just one: the command is then about a stack like any other.
func (f *fleetFlags) one() (name string, ok bool) {
	if len(f.targets) == 1 && f.shard == "" && f.shards == 0 {
		return f.targets[0], true
	}
	return "", false
}

// share is what part of the targets this run is for.
func (f *fleetFlags) share() (fleet.Shard, error) {
	index := os.Getenv(jobIndex)
	switch {
	case f.shard != "":
		s, err := fleet.ParseShard(f.shard)
		if err == nil && f.shards != 0 && f.shards != s.Count {
			err = fmt.Errorf("%q is not one of the %d of --shards", f.shard, f.shards)
		}
		return s, named("--shard", err)
	case f.shards > 0 && index == "":
		return fleet.Shard{}, usageError{fmt.Errorf("--shards: which of the %d is this? Say --shard 1/%d", f.shards, f.shards)}
	case f.shards > 0:
		s, err := fleet.JobShard(index, f.shards)
		return s, named(jobIndex, err)
	case index != "":
		return fleet.Shard{}, usageError{fmt.Errorf("%s is set, and nothing says of how many: set PROVISION_SHARDS to the "+
			"Job's completions, or each of its pods would work on all targets", jobIndex)}
	}
	return fleet.Shard{}, nil
}

func named(what string, err error) error {
	if err == nil {
		return nil
	}
	return usageError{fmt.Errorf("%s: %w", what, err)}
}

// resolve is what the settings mean for the one stack that a command is about.
func (f *fleetFlags) resolve(file *config.Config) (*config.Config, error) {
	name, ok := f.one()
	switch {
	case len(file.Targets) == 0 && f.given():
		return nil, usageError{errors.New("--targets, --shard and --shards are for settings that have `targets:`")}
	case len(file.Targets) == 0:
		return file, nil
	case !ok:
		return nil, usageError{fmt.Errorf("the settings have %d targets, and this is about one: say which with --targets %s",
			len(file.Targets), file.Targets[0])}
	}
	cfg, err := file.ForTarget(name)
	if err != nil {
		return nil, usageError{err}
	}
	return cfg, nil
}
