package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/fleet"
	"provision/pkg/session"
	"provision/pkg/state"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// place is where a command works: on the stack of the settings, or on one target of a fleet as if it were alone.
type place struct {
	terminal.Terminal
	common
	config *config.Config
}

func (at place) open(ctx context.Context, p session.Purpose) (*opened, error) {
	return open(ctx, at.Terminal, at.common, at.config, p)
}

// fleetWork is a command that can be done to many targets in one run.
type fleetWork struct {
	command string
	writes  bool
	ask     string // before anything is done, with how many targets there are; empty: nothing is asked
	word    string // that answers it; empty: the stack's name
	present bool   // it works on what is there, so that mistakes in the settings do not stop it
	alone   string // what was asked for that is possible with a single target only; empty: nothing
	do      func(context.Context, place) error
}

// fleetRun is a run of a command on the targets of a fleet. Each is a session of its own, as if it were alone.
type fleetRun struct {
	fleetWork
	terminal terminal.Terminal
	common   common
	options  fleetOptions
	file     *config.Config
	home     *opened // has the run's own credentials, which the sessions of the targets share
	configs  map[string]*config.Config
	chosen   []string
	shard    fleet.Shard

	mu      sync.Mutex // of what is written
	results map[string]ui.TargetResult
}

// onTargets does a command to the stack of the settings; in a fleet, to each of the targets that this run is for.
func onTargets(ctx context.Context, t terminal.Terminal, c common, o fleetOptions, work fleetWork) (err error) {
	c.settings.present = work.present
	file, err := c.settings.told(t).load()
	if err != nil {
		return err
	}
	if work.writes {
		if err := file.Unguarded(); err != nil {
			return err
		}
	}
	if len(file.Targets) == 0 || len(c.settings.targets) == 1 && !o.given() {
		cfg, err := c.settings.choose(file, o)
		if err != nil {
			return err
		}
		return work.do(ctx, place{t, c, cfg})
	}
	if work.alone != "" {
		return ending.Usagef("%s works on one target: choose it with --targets %s", work.alone, file.Targets[0])
	}
	r := newFleetRun(t, c, file)
	r.fleetWork, r.options, r.home = work, o, unopened(t, c, file)
	defer func() { err = errors.Join(err, r.home.Close(ctx)) }()
	return r.run(ctx)
}

func newFleetRun(t terminal.Terminal, c common, file *config.Config) *fleetRun {
	return &fleetRun{
		terminal: t, common: c, file: file, configs: map[string]*config.Config{}, results: map[string]ui.TargetResult{},
	}
}

func (r *fleetRun) run(ctx context.Context) (err error) {
	if r.shard, err = r.options.share(); err != nil {
		return err
	}
	if err := r.choose(); err != nil {
		return err
	}
	if err := r.agree(ctx); err != nil {
		return err
	}
	if err := r.home.Connect(ctx); err != nil {
		return err
	}
	if store, shared := r.home.ShardStore(); shared && r.writes { // what would be wrong for every target
		if err := store.CheckWritable(ctx); err != nil {
			return err
		}
	}
	results, err := r.plan().Do(ctx)
	if err != nil {
		return err
	}
	return errors.Join(r.show(results), r.outcome(results))
}

// choose resolves the targets that were named, or all, but for those that are not in the regions that were.
func (r *fleetRun) choose() error {
	names := r.common.settings.targets
	if len(names) == 0 {
		names = r.file.Targets
	}
	for _, name := range names {
		cfg, err := r.file.ForTarget(name)
		switch {
		case is[*config.ElsewhereError](err):
			r.terminal.Notef("%s: left out, since %v", name, err)
		case err != nil:
			return ending.UsageError{Err: err}
		case r.configs[name] == nil:
			r.configs[name], r.chosen = cfg, append(r.chosen, name)
		}
	}
	if len(r.chosen) == 0 {
		return ending.Usagef("no target is in any of the regions of --regions")
	}
	return nil
}

// agree asks once for all targets: their plans appear when the user may have left, and many at a time.
func (r *fleetRun) agree(ctx context.Context) error {
	mine := r.shard.Of(r.chosen)
	if r.shard != (fleet.Shard{}) {
		r.terminal.Notef("Share %s has %d of %d targets: %s", r.shard, len(mine), len(r.chosen), strings.Join(mine, ", "))
	}
	if r.ask == "" {
		return nil
	}
	word := r.word
	if word == "" {
		word = r.file.Name
	}
	return r.terminal.Confirm(ctx, r.common.question(fmt.Sprintf(r.ask, len(mine), strings.Join(mine, ", ")), word))
}

// leases is how many leases a run waits for a target that another run has locked, at least: what a runner left that
// died is then free.
const leases = 2

// plan is what this runner does, and how it shares the work with others.
func (r *fleetRun) plan() fleet.Run {
	run := fleet.Run{
		Targets: r.chosen, Shard: r.shard, Concurrent: r.file.Rollout.MaxConcurrentTargets,
		Patience: max(r.common.session.LockTimeout, leases*r.file.State.Lease),
		Work:     r.work, Locked: is[*state.LockedError],
		Tell: func(news string) { r.terminal.Notef("%s", news) },
	}
	if r.writes && r.shard.Count > 1 && r.options.takeOver && len(r.common.settings.targets) == 0 {
		run.Board = r.home.ShareBoard(r.command, run.Tell)
	}
	return run
}

// work does the command to one target.
func (r *fleetRun) work(ctx context.Context, name string) error {
	at, results, flush := r.placeOf(name)
	err := r.do(ctx, at)
	flush()
	if !is[*state.LockedError](err) { // else it is come back to
		r.tell(name, results.Bytes(), err)
	}
	return err
}

// placeOf is one target: it asks no question that was answered already, and waits for nothing that the whole run waits for.
// Its results are kept until it is done, and each line of its progress bears its name.
func (r *fleetRun) placeOf(name string) (at place, results *bytes.Buffer, flush func()) {
	width := 0
	for _, other := range r.chosen {
		width = max(width, len(other))
	}
	t, results, flush := r.terminal.ForTarget(name, fmt.Sprintf("%-*s  ", width, name), &r.mu)
	c := r.common
	c.target, c.agreed, c.session.LockTimeout, c.session.Backend = name, true, 0, r.home.Shared()
	if c.form == terminal.YAML {
		c.form = terminal.JSON // the whole is turned into YAML
	}
	return place{t, c, r.configs[name]}, results, flush
}

// tell shows what happened to a target as soon as it did, but for programs, which get one document at the end.
func (r *fleetRun) tell(name string, results []byte, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[name] = ui.TargetResult{Document: results}
	switch out := r.terminal.Out; {
	case r.common.form.ForPrograms():
	case r.common.form == terminal.Markdown:
		fmt.Fprintf(out, "## %s: %s\n\n%s\n", name, ending.Word(err), results)
	default:
		ui.TargetHead(out, name, ending.Word(err))
		_, _ = out.Write(append(results, '\n')) // what is lost the writer knows
	}
}

// show ends the results with a line for each target.
func (r *fleetRun) show(results []fleet.Result) error {
	var all []ui.TargetResult
	for _, result := range results {
		target := r.configs[result.Target].Target
		all = append(all, ui.TargetResult{
			Target: result.Target, Account: target.Account, TakenOver: result.TakenOver, Result: ending.Word(result.Err),
			Exit: ending.Code(result.Err), Err: result.Err, Document: r.results[result.Target].Document,
		})
	}
	if r.common.form == terminal.Markdown {
		return nil
	}
	return r.terminal.ShowAs(r.common.form, func(w io.Writer) error { return ui.FleetJSON(w, all) }, func() error {
		ui.Fleet(r.terminal.Out, all)
		return nil
	})
}

// outcome is nil if every target is as it should be.
func (r *fleetRun) outcome(results []fleet.Result) error {
	e := &ending.FleetError{Writes: r.writes}
	for _, result := range results {
		switch {
		case result.Err == nil:
			e.Done++
		case errors.Is(result.Err, ending.ErrChanges):
			e.Changes++
		default:
			e.Failed = append(e.Failed, &ending.TargetError{Target: result.Target, Err: result.Err})
		}
	}
	if len(e.Failed)+e.Changes == 0 {
		return nil
	}
	return e
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
