package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"provision/pkg/ending"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// The exit codes, a contract with scripts.
const (
	exitDone     = ending.Done
	exitFailed   = ending.Failed
	exitChanges  = ending.Changes
	exitPartial  = ending.Partial
	exitRefused  = ending.Refused
	exitLocked   = ending.Locked
	exitStale    = ending.Stale
	exitUnproven = ending.Unproven
	exitDeclined = ending.Declined
	exitTimeout  = ending.Timeout
	exitUsage    = ending.Usage
)

var (
	errChanges  = errors.New("there are changes")
	errDeclined = errors.New("declined: nothing was changed")
	errTimeout  = fmt.Errorf("%w: the time of --timeout is up; what was under way is recorded", graph.ErrStopped)
)

// usageError is a command line that can't be meant.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// refusedError is a run that was stopped before its first write.
type refusedError struct{ error }

func (e refusedError) Unwrap() error { return e.error }

// exitCode is the one place that turns errors into codes. What was asked for by a person goes before what went wrong
// because of it.
func exitCode(err error) int {
	if stopped, ok := errors.AsType[stoppedError](err); ok {
		return stopped.code()
	}
	if fleet, ok := errors.AsType[*fleetError](err); ok {
		return fleet.code()
	}
	switch code := ending.Code(err); {
	case errors.Is(err, errChanges):
		return exitChanges
	case errors.Is(err, errDeclined):
		return exitDeclined
	case errors.Is(err, errTimeout):
		return exitTimeout
	case errors.Is(err, sandbox.ErrInUse):
		return exitLocked
	case is[usageError](err):
		return exitUsage
	case is[refusedError](err) && code != exitLocked && code != exitStale && code != exitUsage:
		return exitRefused
	default:
		return code
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// report prints each cause on a line of its own and what to do about the first that we know. The command is the one that
// was run.
func report(w io.Writer, command string, err error) int {
	code := exitCode(err)
	if code == exitChanges || code == exitDeclined {
		if code == exitDeclined {
			fmt.Fprintln(w, err)
		}
		return code
	}
	for _, cause := range causes(err) {
		fmt.Fprintln(w, "provision: "+ending.Text(cause))
	}
	if next := nextStep(command, err); next != "" {
		fmt.Fprintln(w, "next: "+next)
	}
	return code
}

// causes are what went wrong; of a run that somebody ended, that comes first, and once, without what was cut short by it.
func causes(err error) []error {
	var stopped error
	var all []error
	for _, cause := range flatten(err) {
		switch reason, is := errors.AsType[stoppedError](cause); {
		case !errors.Is(cause, graph.ErrStopped):
			all = append(all, cause)
		case is:
			stopped = reason
		default:
			stopped = errTimeout
		}
	}
	if stopped == nil {
		return all
	}
	all = slices.DeleteFunc(all, func(cause error) bool { return errors.Is(cause, context.Canceled) })
	return append([]error{stopped}, all...)
}

// flatten takes an error apart. In a fleet each cause says of which target it is.
func flatten(err error) []error {
	fleet, ok := errors.AsType[*fleetError](err)
	if !ok {
		return refusals(ending.Causes(err))
	}
	var all []error
	for _, target := range fleet.failed {
		for _, cause := range ending.Causes(target.err) {
			all = append(all, &targetError{target.target, cause})
		}
	}
	return all
}

// refusals takes apart what was refused for several reasons, one a region.
func refusals(causes []error) []error {
	var all []error
	for _, cause := range causes {
		if refused, ok := errors.AsType[refusedError](cause); ok {
			all = append(all, ending.Causes(refused.error)...)
		} else {
			all = append(all, cause)
		}
	}
	return all
}
