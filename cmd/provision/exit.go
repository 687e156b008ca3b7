package main

import (
	"errors"
	"fmt"
	"io"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// The exit codes are a contract with scripts; docs/reference lists them.
const (
	exitDone     = 0
	exitFailed   = 1
	exitChanges  = 2
	exitPartial  = 3
	exitRefused  = 4
	exitLocked   = 5
	exitStale    = 6
	exitUnproven = 7 // verification failed, or `down` left something
	exitDeclined = 8
	exitTimeout  = 9
	exitUsage    = 64
)

var (
	errChanges  = errors.New("there are changes")
	errDeclined = errors.New("declined: nothing was changed")
	errTimeout  = fmt.Errorf("%w: the time of --timeout is up; what was under way is recorded", graph.ErrStopped)
)

// usageError is a command line that can't be meant.
type usageError struct{ error }

// refusedError is a run that was stopped before its first write.
type refusedError struct{ error }

func (e refusedError) Unwrap() error { return e.error }

// exitCode is the one place that turns errors into codes. What was asked for by a person goes before what went wrong
// because of it.
func exitCode(err error) int {
	if stopped, ok := errors.AsType[stoppedError](err); ok {
		return stopped.code()
	}
	for _, rule := range []struct {
		code int
		is   bool
	}{
		{exitDone, err == nil},
		{exitChanges, errors.Is(err, errChanges)},
		{exitDeclined, errors.Is(err, errDeclined)},
		{exitTimeout, errors.Is(err, errTimeout)},
		{exitUsage, is[usageError](err) || is[config.Errors](err) || is[config.Error](err)},
		{exitLocked, is[*state.LockedError](err)},
		{exitStale, errors.Is(err, state.ErrStale) || is[*state.LostError](err)},
		{
			exitRefused, is[refusedError](err) || is[*cloud.GuardError](err) || is[*state.IdentityError](err) ||
				is[*state.UnwritableError](err) || is[*graph.RefusedError](err) || is[*stack.ForeignError](err) ||
				is[*state.CorruptError](err) || is[*state.NewerError](err) || is[*state.NoBucketError](err) ||
				is[*state.OwnersError](err) || errors.Is(err, state.ErrNothing),
		},
		{
			exitUnproven, is[*stack.LeftError](err) || is[*stack.VerifyError](err) || is[*stack.UnhealthyError](err) ||
				is[*graph.HeldError](err),
		},
		{exitPartial, is[*stack.PartialError](err)},
	} {
		if rule.is {
			return rule.code
		}
	}
	return exitFailed
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// report prints each cause on a line of its own and what to do about the first that we know.
func report(w io.Writer, err error) int {
	code := exitCode(err)
	if code == exitChanges || code == exitDeclined {
		if code == exitDeclined {
			fmt.Fprintln(w, err)
		}
		return code
	}
	for _, cause := range causes(err) {
		fmt.Fprintln(w, "provision: "+cloud.Text(cause))
	}
	if next := nextStep(err); next != "" {
		fmt.Fprintln(w, "next: "+next)
	}
	return code
}

// causes are what went wrong; of a run that somebody ended, that comes first, and once.
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
	return append([]error{stopped}, all...)
}

func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	if partial, ok := errors.AsType[*stack.PartialError](err); ok {
		return flatten(partial.Err) // before anything asks what it wraps: one resource's cause would stand for all
	}
	return graph.Causes(err)
}
