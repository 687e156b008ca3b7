package ending

import (
	"errors"
	"slices"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
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

// Code is the one place that turns errors into exit codes. The user's own request, such as to stop, takes precedence
// over the failures that it caused.
func Code(err error) int {
	if stopped, ok := errors.AsType[StoppedError](err); ok {
		return stopped.Code()
	}
	if fleet, ok := errors.AsType[*FleetError](err); ok {
		return fleet.Code()
	}
	if found, ok := errors.AsType[VerdictError](err); ok {
		return found.Code
	}
	switch code := codeOf(err); {
	case errors.Is(err, ErrChanges):
		return Changes
	case errors.Is(err, ErrDeclined):
		return Declined
	case errors.Is(err, ErrTimeout):
		return Timeout
	case errors.Is(err, sandbox.ErrInUse):
		return Locked
	case is[UsageError](err):
		return Usage
	case is[RefusedError](err) && code != Locked && code != Stale && code != Usage:
		return Refused
	default:
		return code
	}
}

// codeOf is the exit code of what went wrong in the packages below.
func codeOf(err error) int {
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
				is[*graph.HeldError](err) || is[*graph.UnknownBlockerError](err) || is[*stack.ElsewhereError](err),
		},
		{Partial, is[*stack.PartialError](err)},
		{Refused, only[*compute.ZonesError](err)}, // and no other region was started
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

// Word is how the work on a target ended, in a word.
func Word(err error) string {
	switch Code(err) {
	case Done:
		return "done"
	case Changes:
		return "differs"
	case Partial:
		return "partly done"
	case Refused:
		return "refused"
	case Locked:
		return "locked"
	case Timeout:
		return "stopped"
	}
	if is[StoppedError](err) {
		return "stopped"
	}
	return "failed"
}
