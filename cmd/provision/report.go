package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"provision/pkg/stack"
	"provision/pkg/ui"
)

// reportOf begins the report of a run.
func (s *session) reportOf(command string) ui.Report {
	return ui.Report{
		Run: s.run, Command: command, Stack: s.config.Name, Target: s.config.Target.Name, Account: s.identity.Account, Caller: s.identity.ARN,
		Started: s.backend.clock.Now(),
	}
}

// writeReport keeps how a run ended, if --report says where: as JUnit's XML where the name ends so, else as JSON.
func (s *session) writeReport(f *flags, begun ui.Report, o stack.Outcome) (err error) {
	if f.report == "" {
		return nil
	}
	file, err := os.OpenFile(f.report, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	ended := begun.Ended(s.backend.clock.Now(), o, s.progress.counts())
	write := ended.JSON
	if strings.HasSuffix(f.report, ".xml") {
		write = ended.JUnit
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return fmt.Errorf("write the report %s: %w", f.report, err)
	}
	return nil
}
