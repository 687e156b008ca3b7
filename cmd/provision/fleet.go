package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"provision/pkg/config"
	"provision/pkg/fleet"
	"provision/pkg/state"
	"provision/pkg/ui"
)

// fleetWork is a command that can be done to many targets in one run.
type fleetWork struct {
	command string
	writes  bool
	ask     string // before anything is done, with how many targets there are; empty: nothing is asked
	word    string // that answers it; empty: the stack's name
	alone   string // what was asked for that is possible with a single target only; empty: nothing
	do      func(context.Context, terminal, *flags) error
}

// fleetRun is a run of a command on the targets of a fleet. Each is a session of its own, as if it were alone.
type fleetRun struct {
	fleetWork
	terminal terminal
	flags    *flags
	file     *config.Config
	home     *session // has the run's own credentials, which the sessions of the targets share
	configs  map[string]*config.Config
	chosen   []string
	shard    fleet.Shard

	mu      sync.Mutex // of what is written
	results map[string]ui.TargetResult
}

// eachTarget does a command to the stack of the settings; in a fleet, to each of the targets that this run is for.
func (f *flags) eachTarget(ctx context.Context, t terminal, work fleetWork) (err error) {
	if err := f.checkFiles(); err != nil {
		return err
	}
	file, err := f.loadFile()
	if err != nil {
		return err
	}
	if _, one := f.fleet.one(); one || len(file.Targets) == 0 {
		return work.do(ctx, t, f)
	}
	if work.alone != "" {
		return usageError{fmt.Errorf("%s is about one target: say which with --targets %s", work.alone, file.Targets[0])}
	}
	r := &fleetRun{
		fleetWork: work, terminal: t, flags: f, file: file, home: &session{config: file},
		configs: map[string]*config.Config{}, results: map[string]ui.TargetResult{},
	}
	defer func() { err = errors.Join(err, r.home.end(ctx)) }()
	return r.run(ctx)
}

func (r *fleetRun) run(ctx context.Context) (err error) {
	if r.shard, err = r.flags.fleet.share(); err != nil {
		return err
	}
	if err := r.choose(); err != nil {
		return err
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.home.connect(ctx, r.terminal, r.flags); err != nil {
		return err
	}
	if err := r.checkState(ctx); err != nil {
		return err
	}
	results, err := r.plan().Do(ctx)
	if err != nil {
		return err
	}
	return errors.Join(r.show(results), r.outcome(results))
}

// choose resolves the targets that were named, or all, but for those that are not in the regions that were.
func (r *fleetRun) choose() error {
	names := r.flags.fleet.targets
	if len(names) == 0 {
		names = r.file.Targets
	}
	for _, name := range names {
		cfg, err := r.file.ForTarget(name)
		switch {
		case is[*config.ElsewhereError](err):
			fmt.Fprintf(r.terminal.err, "%s: left out, since %v\n", name, err)
		case err != nil:
			return usageError{err}
		case r.configs[name] == nil:
			r.configs[name], r.chosen = cfg, append(r.chosen, name)
		}
	}
	if len(r.chosen) == 0 {
		return usageError{errors.New("no target is in any of the regions that were asked for")}
	}
	return nil
}

// agree asks once for all targets: their plans come when nobody may be there any more, and many at a time.
func (r *fleetRun) agree(ctx context.Context) error {
	mine := r.shard.Of(r.chosen)
	if r.shard != (fleet.Shard{}) {
		fmt.Fprintf(r.terminal.err, "Share %s has %d of %d targets: %s\n", r.shard, len(mine), len(r.chosen), strings.Join(mine, ", "))
	}
	if r.ask == "" {
		return nil
	}
	word := r.word
	if word == "" {
		word = r.file.Name
	}
	return confirm(ctx, r.terminal, r.flags, fmt.Sprintf(r.ask, len(mine), strings.Join(mine, ", ")), word)
}

// checkState finds once what would be wrong for every target.
func (r *fleetRun) checkState(ctx context.Context) error {
	store, shared := r.home.shardStore()
	if !shared || !r.writes {
		return nil
	}
	return store.CheckWritable(ctx)
}

// plan is what this runner does, and how it shares the work with others.
func (r *fleetRun) plan() fleet.Run {
	run := fleet.Run{
		Targets: r.chosen, Shard: r.shard, Concurrent: r.file.Rollout.MaxConcurrentTargets,
		Patience: max(r.flags.lockTimeout, leases*r.file.State.Lease),
		Work:     r.work, Locked: is[*state.LockedError],
		Tell: func(news string) { fmt.Fprintln(r.terminal.err, news) },
	}
	store, shared := r.home.shardStore()
	if shared && r.writes && r.shard.Count > 1 && r.flags.fleet.takeOver && len(r.flags.fleet.targets) == 0 {
		run.Board = shardBoard{store: store, command: r.command, tell: run.Tell}
	}
	return run
}

// leases is how many leases a run waits for a target that somebody else has locked, at least: what a runner left that
// died is then free.
const leases = 2

// work does the command to one target.
func (r *fleetRun) work(ctx context.Context, name string) error {
	t, out, flush := r.output(name)
	err := r.do(ctx, t, r.flagsFor(name))
	flush()
	if !is[*state.LockedError](err) { // else it is come back to
		r.tell(name, out.Bytes(), err)
	}
	return err
}

// flagsFor are those of a run on one target: what was agreed to is not asked again, and nothing is waited for that the
// whole run waits for.
func (r *fleetRun) flagsFor(name string) *flags {
	one := *r.flags
	one.loaded, one.yes, one.lockTimeout = r.configs[name], true, 0
	one.report = besideTarget(r.flags.report, name)
	if one.output == "yaml" {
		one.output = "json" // the whole is turned into YAML
	}
	return &one
}
