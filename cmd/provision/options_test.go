package main

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"provision/pkg/ending"
	"provision/pkg/terminal"
)

// parsed is what a command line means to a command, which is not run.
func parsed[O any](t *testing.T, of func(terminal.Terminal, *common, command[O]) *cobra.Command, args ...string) (got O, err error) {
	t.Helper()
	at, c := terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{}
	root := &cobra.Command{
		Use: "provision", SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return c.parse(cmd) },
	}
	c.add(root.PersistentFlags())
	runs := 0
	cmd := of(at, c, func(_ context.Context, _ terminal.Terminal, o O) error { runs, got = runs+1, o; return nil })
	root.AddCommand(cmd)
	root.SetArgs(append([]string{cmd.Name()}, args...))
	if err = root.Execute(); err == nil && runs != 1 {
		t.Fatalf("%q ran %d times", args, runs)
	}
	return got, err
}

func must[O any](t *testing.T, of func(terminal.Terminal, *common, command[O]) *cobra.Command, args ...string) O {
	t.Helper()
	o, err := parsed(t, of, args...)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return o
}

func TestOptionsOfUp(t *testing.T) {
	t.Chdir(t.TempDir())
	o := must(t, newUp, "--regions", "eu-west-1,us-east-1", "--yes", "--parallelism", "3", "--max-concurrent-regions", "2",
		"--failure-tolerance", "0", "--max-destroy", "0", "--skip-verify", "--refresh-ami", "--lock-timeout", "5m", "-o", "json",
		"--max-concurrent-targets", "7", "--report", "up.json")
	if diff := cmp.Diff([]string{"eu-west-1", "us-east-1"}, o.settings.typed.Regions); diff != "" {
		t.Error(diff)
	}
	run := o.session.Run
	if !o.agreed || run.Parallelism != 3 || !run.SkipVerify || !run.RefreshAMI || o.session.LockTimeout != 5*time.Minute {
		t.Errorf("%+v", o)
	}
	if o.form != terminal.JSON || o.report != "up.json" || o.saved != nil || o.skipCheck {
		t.Errorf("%+v", o)
	}
	typed := o.settings.typed
	if *typed.MaxConcurrent != 2 || *typed.MaxConcurrentTargets != 7 || *typed.FailureTolerance != 0 {
		t.Errorf("%+v", typed)
	}
	if o.maxDestroy == nil || *o.maxDestroy != 0 || typed.MaxDestroy != nil {
		t.Errorf("a limit of none is a limit of this run: %v, %v", o.maxDestroy, typed.MaxDestroy)
	}
	none := must(t, newUp)
	if none.maxDestroy != nil || none.settings.typed.FailureTolerance != nil || none.agreed || none.form != terminal.Table {
		t.Errorf("%+v", none)
	}
}

// Options are values: what one command line set must not be there in the next one's.
func TestOptionsAreCopies(t *testing.T) {
	c := &common{}
	first := c.asked(true)
	if second := c.asked(false); second.agreed || !first.agreed || c.agreed {
		t.Errorf("%+v, %+v, %+v", first.agreed, second.agreed, c.agreed)
	}
}

func TestOptionsFromVariables(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PROVISION_YES", "true")
	t.Setenv("PROVISION_LOCK_TIMEOUT", "30m")
	t.Setenv("PROVISION_REQUIRE_ACCOUNT", "1")
	t.Setenv("PROVISION_REGIONS", "eu-west-1")
	o := must(t, newDown)
	if !o.agreed || o.session.LockTimeout != 30*time.Minute || !o.session.RequireAccount {
		t.Errorf("%+v", o)
	}
	cfg, err := o.settings.forStack()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"eu-west-1"}, cfg.Regions); diff != "" || !cfg.RegionsGiven() {
		t.Errorf("given: %v\n%s", cfg.RegionsGiven(), diff)
	}
	if o := must(t, newDown, "--lock-timeout", "1m"); o.session.LockTimeout != time.Minute {
		t.Errorf("a flag does not win over its variable: %v", o.session.LockTimeout)
	}
}

func TestOptionsOfEachCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	if o := must(t, newPlan, "--calls", "--out", "plan.json", "--shard", "2/4"); !o.calls || o.out != "plan.json" || o.shard != "2/4" {
		t.Errorf("plan: %+v", o)
	}
	if o := must(t, newStatus, "--watch", "-o", "wide"); o.watch != 10*time.Second || o.form != terminal.Wide {
		t.Errorf("status: %+v", o)
	}
	if o := must(t, newDiagram, "--out", "stack.svg"); o.form != "svg" || o.every != 5*time.Second {
		t.Errorf("diagram: %+v", o)
	}
	if o := must(t, newDiagram); o.form != "html" {
		t.Errorf("diagram: %+v", o)
	}
	if o := must(t, newConnect, "i-1", "--profile", "dev"); o.instance != "i-1" || o.session.AWS.Profile != "dev" {
		t.Errorf("connect: %+v", o)
	}
	if o := must(t, newSweep, "--delete", "-y"); !o.remove || !o.agreed {
		t.Errorf("sweep: %+v", o)
	}
	if o := must(t, newRecover, "--owner", "01X"); o.owner != "01X" || o.agreed {
		t.Errorf("recover: %+v", o)
	}
	if o := must(t, newCheck, "--shards", "2"); o.shards != 2 {
		t.Errorf("check: %+v", o)
	}
	if o := must(t, newBootstrap, "--github", "org/repo", "--branch", "main", "--remove"); o.github.Repository != "org/repo" || !o.remove {
		t.Errorf("bootstrap: %+v", o)
	}
}

// A command line that can't be meant is refused before anything runs.
func TestOptionsThatCannotBeMeant(t *testing.T) {
	t.Chdir(t.TempDir())
	up := func(args ...string) error { _, err := parsed(t, newUp, args...); return err }
	plan := func(args ...string) error { _, err := parsed(t, newPlan, args...); return err }
	drawing := func(args ...string) error { _, err := parsed(t, newDiagram, args...); return err }
	for says, err := range map[string]error{
		"--max-destroy can't be negative":                   up("--max-destroy", "-1"),
		"--failure-tolerance":                               up("--failure-tolerance", "-1"),
		"--max-concurrent-regions":                          up("--max-concurrent-regions", "-2"),
		"--max-concurrent-targets":                          up("--max-concurrent-targets", "-2"),
		"--regions is empty":                                up("--regions", ""),
		"--sandbox-speed is a flag of the sandbox":          up("--sandbox-speed", "10"),
		"--sandbox and --endpoint-url exclude":              up("--sandbox", "--endpoint-url", "http://127.0.0.1:1"),
		`--output must be table, json or yaml, not "tabel"`: up("-o", "tabel"),
		"--report: nowhere/up.json can't be":                up("--report", "nowhere/up.json"),
		"exclude --destroy":                                 plan("--destroy", "-o", "markdown"),
		"--serve and --out exclude":                         drawing("--serve", "--out", "x.svg"),
		"you can't draw a .pdf":                             drawing("--out", "x.pdf"),
		"--port: 70000 is not from 0":                       drawing("--serve", "--port", "70000"),
	} {
		if err == nil || !strings.Contains(err.Error(), says) || ending.Code(err) != ending.Usage {
			t.Errorf("want %q, got %v (exit code %d)", says, err, ending.Code(err))
		}
	}
}
