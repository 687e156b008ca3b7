package ending

import (
	"context"
	"errors"
	"slices"

	"provision/pkg/graph"
	"provision/pkg/stack"
)

// Causes are the errors that went wrong, each once; they include those of a run that the user stopped.
func Causes(err error) []error {
	said := map[string]bool{}
	return slices.DeleteFunc(flatten(err), func(cause error) bool {
		again := said[cause.Error()]
		said[cause.Error()] = true
		return again
	})
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

// reported are the causes that people read; of a run that the user ended, that comes first, and once, without what was cut
// short by it.
func reported(err error) []error {
	var stopped error
	var all []error
	for _, cause := range perTarget(err) {
		switch reason, is := errors.AsType[StoppedError](cause); {
		case !errors.Is(cause, graph.ErrStopped):
			all = append(all, cause)
		case is:
			stopped = reason
		default:
			stopped = ErrTimeout
		}
	}
	if stopped == nil {
		return all
	}
	all = slices.DeleteFunc(all, func(cause error) bool { return errors.Is(cause, context.Canceled) })
	return append([]error{stopped}, all...)
}

// perTarget takes an error apart. In a fleet each cause says of which target it is.
func perTarget(err error) []error {
	fleet, ok := errors.AsType[*FleetError](err)
	if !ok {
		return refusals(Causes(err))
	}
	var all []error
	for _, target := range fleet.Failed {
		for _, cause := range Causes(target.Err) {
			all = append(all, &TargetError{target.Target, cause})
		}
	}
	return all
}

// refusals takes apart what was refused for several reasons, one a region.
func refusals(causes []error) []error {
	var all []error
	for _, cause := range causes {
		if refused, ok := errors.AsType[RefusedError](cause); ok {
			all = append(all, Causes(refused.Err)...)
		} else {
			all = append(all, cause)
		}
	}
	return all
}
