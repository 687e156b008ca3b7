package ending

import (
	"errors"
	"fmt"

	"provision/pkg/stack"
)

// TargetError is what went wrong with a target of a fleet.
type TargetError struct {
	Target string
	Err    error
}

func (e *TargetError) Error() string { return e.Target + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *TargetError) Unwrap() error { return e.Err }

// FleetError says that not every target is as it should be.
type FleetError struct {
	Writes        bool // the command changes something
	Done, Changes int  // targets
	Failed        []*TargetError
}

func (e *FleetError) Error() string {
	return fmt.Sprintf("%d targets failed: %v", len(e.Failed), errors.Join(e.Unwrap()...))
}

// Unwrap gives what went wrong with each target.
func (e *FleetError) Unwrap() []error {
	all := make([]error, len(e.Failed))
	for i, target := range e.Failed {
		all[i] = target
	}
	return all
}

// Code combines the targets' exit codes as a run combines its regions': what the user asked for first, then 3 if a
// command that changes something got somewhere, and else the code that all failures have in common.
func (e *FleetError) Code() int {
	if len(e.Failed) == 0 {
		return Changes
	}
	if errors.Is(e, ErrTimeout) {
		return Timeout
	}
	if e.Writes && (e.Done > 0 || is[*stack.PartialError](e)) {
		return Partial
	}
	code := Code(e.Failed[0])
	for _, err := range e.Failed[1:] {
		if Code(err) != code {
			return Failed
		}
	}
	return code
}
