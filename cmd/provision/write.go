package main

import (
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"provision/pkg/cli"
	"provision/pkg/stack"
	"provision/pkg/terminal"
	"provision/pkg/ui"
)

// writeOptions are those of the commands that change the stack.
type writeOptions struct {
	yes           bool
	report        string
	parallelism   int
	maxConcurrent *int
}

func (o *writeOptions) add(set *pflag.FlagSet) {
	addYes(set, &o.yes)
	set.StringVar(&o.report, "report", "", "file to write how it ended to: JSON, or JUnit's XML if its name ends in .xml")
	set.IntVar(&o.parallelism, "parallelism", 0, "resources of a region worked on at once (default: no limit)")
	cli.AddNumber(set, &o.maxConcurrent, "max-concurrent-regions", "regions worked on at once (default: all)")
}

// addYes adds what every command takes that asks.
func addYes(set *pflag.FlagSet, yes *bool) {
	set.BoolVarP(yes, "yes", "y", false, "do not ask")
	set.BoolVar(yes, "auto-approve", false, "the same as --yes")
	_ = set.MarkHidden("auto-approve")
}

func (o *writeOptions) check() error {
	if o.parallelism < 0 || cli.Negative(o.maxConcurrent) {
		return errNegative
	}
	return terminal.CheckWritable("--report", o.report, ui.ReportKind)
}

// on is what all commands take, with what these options say on it.
func (o *writeOptions) on(c common) common {
	c = c.asked(o.yes)
	c.session.Run.Parallelism = o.parallelism
	c.settings.typed.MaxConcurrent = cli.Positive(o.maxConcurrent)
	return c
}

// reportOf starts the report of a run.
func (s *opened) reportOf(command string) ui.Report {
	return ui.Report{
		Run: s.RunID, Command: command, Stack: s.Config.Name, Target: s.Config.Target.Name, Account: s.Identity.Account,
		Caller: s.Identity.ARN, Started: s.Backend.Clock.Now(),
	}
}

// writeReport keeps how a run ended, if --report says where. In a run on many targets each has its own.
func (s *opened) writeReport(path string, started ui.Report, o stack.Outcome) error {
	if path == "" {
		return nil
	}
	path = nameFor(path, s.host.common.target)
	return started.Ended(s.Backend.Clock.Now(), o, s.host.progress.Counts()).Write(path)
}

// nameFor is a file's name with a target's in it: up-shop-dev.xml for up.xml.
func nameFor(path, target string) string {
	if target == "" {
		return path
	}
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "-" + target + ext
}
