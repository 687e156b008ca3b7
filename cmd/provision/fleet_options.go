package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/fleet"
)

// fleetOptions are those of the commands that work on many targets in one run.
type fleetOptions struct {
	shard         string
	shards        int
	takeOver      bool
	maxConcurrent *int
}

// jobIndex is what Kubernetes tells the pods of an Indexed Job, from 0. It does not tell how many there are.
const jobIndex = "JOB_COMPLETION_INDEX"

func (o *fleetOptions) add(set *pflag.FlagSet, writes bool) {
	set.StringVar(&o.shard, "shard", "", "share of the targets that this run works on, as 2/4: the second of four")
	set.IntVar(&o.shards, "shards", 0, "number of shares, where "+jobIndex+" says which, from 0")
	cli.AddNumber(set, &o.maxConcurrent, "max-concurrent-targets", "targets worked on at once (default 10)")
	if writes {
		set.BoolVar(&o.takeOver, "take-over", true, "wait until the other shares are done, and take over from a runner that died")
	}
}

func (o *fleetOptions) check() error {
	if cli.Negative(o.maxConcurrent, &o.shards) {
		return ending.Usagef("--max-concurrent-targets and --shards can't be negative")
	}
	return nil
}

// on is what all commands take, with what these options say on it.
func (o *fleetOptions) on(c common) common {
	c.settings.typed.MaxConcurrentTargets = cli.Positive(o.maxConcurrent)
	return c
}

// given reports whether the user asked for a share. Variables that Kubernetes sets unasked do not count.
func (o *fleetOptions) given() bool { return o.shard != "" || o.shards != 0 }

// share is what part of the targets this run is for.
func (o *fleetOptions) share() (fleet.Shard, error) {
	index := os.Getenv(jobIndex)
	switch {
	case o.shard != "":
		s, err := fleet.ParseShard(o.shard)
		if err == nil && o.shards != 0 && o.shards != s.Count {
			err = fmt.Errorf("%q is not one of the %d of --shards", o.shard, o.shards)
		}
		return s, named("--shard", err)
	case o.shards > 0 && index == "":
		return fleet.Shard{}, ending.Usagef("--shards: which of the %d is this? Pass --shard 1/%d", o.shards, o.shards)
	case o.shards > 0:
		s, err := fleet.JobShard(index, o.shards)
		return s, named(jobIndex, err)
	case index != "":
		return fleet.Shard{}, ending.Usagef("%s is set, but not how many there are: set PROVISION_SHARDS to the "+
			"Job's completions, or each of its pods would work on all targets", jobIndex)
	}
	return fleet.Shard{}, nil
}

func named(what string, err error) error {
	if err == nil {
		return nil
	}
	return ending.Usagef("%s: %w", what, err)
}
