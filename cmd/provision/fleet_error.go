package main

import (
	"errors"
	"fmt"

	"provision/pkg/fleet"
	"provision/pkg/stack"
)

// targetError is what went wrong with a target.
type targetError struct {
	target string
	err    error
}

func (e *targetError) Error() string { return e.target + ": " + e.err.Error() }

// Unwrap gives the cause.
func (e *targetError) Unwrap() error { return e.err }

// fleetError says that not every target is as it should be.
type fleetError struct {
	writes        bool // the command changes something
	done, changes int  // targets
	failed        []*targetError
}

func (e *fleetError) Error() string {
	return fmt.Sprintf("%d targets failed: %v", len(e.failed), errors.Join(e.Unwrap()...))
}

// Unwrap gives what went wrong with each target.
func (e *fleetError) Unwrap() []error {
	all := make([]error, len(e.failed))
	for i, target := range e.failed {
		all[i] = target
	}
	return all
}

// code combines the targets' exit codes as a run combines its regions': what a person asked for first, then 3 if a
// command that changes something got somewhere, and else the code that all failures have in common.
func (e *fleetError) code() int {
	if len(e.failed) == 0 {
		return exitChanges
	}
	if errors.Is(e, errTimeout) {
		return exitTimeout
	}
	if e.writes && (e.done > 0 || is[*stack.PartialError](e)) {
		return exitPartial
	}
	code := exitCode(e.failed[0])
	for _, err := range e.failed[1:] {
		if exitCode(err) != code {
			return exitFailed
		}
	}
	return code
}

// outcome is nil if every target is as it should be.
func (r *fleetRun) outcome(results []fleet.Result) error {
	e := &fleetError{writes: r.writes}
	for _, result := range results {
		switch {
		case result.Err == nil:
			e.done++
		case errors.Is(result.Err, errChanges):
			e.changes++
		default:
			e.failed = append(e.failed, &targetError{result.Target, result.Err})
		}
	}
	if len(e.failed)+e.changes == 0 {
		return nil
	}
	return e
}
