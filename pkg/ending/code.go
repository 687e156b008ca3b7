package ending

import (
	"errors"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// The exit codes are a contract with scripts; docs/reference lists them.
const (
	Done     = 0
	Failed   = 1
	Changes  = 2
	Partial  = 3
	Refused  = 4
	Locked   = 5
	Stale    = 6
	Unproven = 7 // verification failed, or `down` left something
	Declined = 8
	Timeout  = 9
	Usage    = 64
)

// Code is the exit code of a run that ended so.
func Code(err error) int {
	for _, rule := range []struct {
		code int
		is   bool
	}{
		{Done, err == nil},
		{Usage, is[config.Errors](err) || is[config.Error](err)},
		{Locked, is[*state.LockedError](err)},
		{Stale, errors.Is(err, state.ErrStale) || is[*state.LostError](err)},
		{
			Refused, is[*cloud.GuardError](err) || is[*state.IdentityError](err) ||
				is[*state.UnwritableError](err) || is[*graph.RefusedError](err) || is[*stack.ForeignError](err) ||
				is[*state.CorruptError](err) || is[*state.NewerError](err) || is[*state.NoBucketError](err) ||
				is[*state.OwnersError](err) || errors.Is(err, state.ErrNothing),
		},
		{
			Unproven, is[*stack.LeftError](err) || is[*stack.VerifyError](err) || is[*stack.UnhealthyError](err) ||
				is[*graph.HeldError](err),
		},
		{Partial, is[*stack.PartialError](err)},
		{Refused, only[*compute.ZonesError](err)}, // and no other region was begun
	} {
		if rule.is {
			return rule.code
		}
	}
	return Failed
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// only says whether nothing else went wrong.
func only[E error](err error) bool {
	causes := Causes(err)
	return len(causes) > 0 && !slices.ContainsFunc(causes, func(cause error) bool { return !is[E](cause) })
}

// Causes are what went wrong, each once; those of a run that somebody stopped are among them.
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
