package state

import (
	"errors"
	"fmt"
	"strings"
)

// ErrStale reports that another run wrote the state after this run read it, so that this run did not overwrite it.
var ErrStale = errors.New("another run wrote it after this run read it; run the command again")

// ErrNothing reports that no resource was found to rebuild a state from.
var ErrNothing = errors.New("nothing that exists carries the stack's tags")

// CorruptError reports that a state exists but can't be used. It is never treated as an empty one.
type CorruptError struct {
	Location string
	Cause    string // a clause about "it"
	Err      error  // may be nil
}

func (e *CorruptError) Error() string {
	cause := e.Cause
	if e.Err != nil {
		cause += ": " + e.Err.Error()
	}
	return fmt.Sprintf("the state %s can't be used: %s; it was left as it is", e.Location, cause)
}

// Unwrap returns the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// NewerError reports that a later version of the program wrote the state.
type NewerError struct {
	Location string
	Schema   int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the state %s has schema %d and this program reads up to %d: a newer program wrote it; it was left as it is",
		e.Location, e.Schema, Schema)
}

// IdentityError reports that a state and a run belong to different accounts or places.
type IdentityError struct {
	What       string // "stack", "place" or "account"
	State, Run string
}

// theSandbox is a place. Most users who see an [IdentityError] forgot to pass --sandbox again.
const theSandbox = "the sandbox"

func (e *IdentityError) Error() string {
	switch theSandbox {
	case e.State:
		return fmt.Sprintf("the state is of %s, and this run is of %s: pass --sandbox, or keep a separate state for %s "+
			"with --name or --state", e.State, e.Run, e.Run)
	case e.Run:
		return fmt.Sprintf("the state is of %s, and this run is of %s: omit --sandbox, or keep a separate state for "+
			"%s with --name or --state", e.State, e.Run, e.Run)
	}
	return fmt.Sprintf("the state is of %s, and this run is of %s: use the credentials, endpoint and name that "+
		"created it, or another --state; `provision recover` builds a state from the resources here", e.of(e.State), e.of(e.Run))
}

// OfSandbox reports whether exactly one of the two is in the sandbox.
func (e *IdentityError) OfSandbox() bool { return e.State == theSandbox || e.Run == theSandbox }

func (e *IdentityError) of(which string) string {
	if e.What == "place" {
		return which
	}
	return e.What + " " + which
}

// UnwritableError reports that the state can't be written to its place. The run created nothing.
type UnwritableError struct {
	Location string
	Err      error
}

func (e *UnwritableError) Error() string {
	return fmt.Sprintf("the state can't be kept at %s: %v", e.Location, e.Err)
}

// Unwrap returns the cause.
func (e *UnwritableError) Unwrap() error { return e.Err }

// WriteError reports that a run can't write its journal any more, so that it must not create anything else.
type WriteError struct {
	Location string
	Err      error
}

func (e *WriteError) Error() string {
	return fmt.Sprintf("the state %s can't be written: %v; the run creates nothing more", e.Location, e.Err)
}

// Unwrap returns the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// LockedError reports which run holds the state's lock.
type LockedError struct {
	Location string
	Holder   Holder
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("the state %s is locked by %s", e.Location, e.Holder)
}

// LostError reports that this run no longer holds its lock.
type LostError struct {
	Location string
	Err      error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("the lock of the state %s is no longer this run's: %v; the run creates and writes nothing more", e.Location,
		e.Err)
}

// Unwrap returns the cause.
func (e *LostError) Unwrap() error { return e.Err }

// OwnersError reports that resources of one stack name have several owners.
type OwnersError struct {
	Stack  string
	Owners []string // each with a resource that it owns
}

func (e *OwnersError) Error() string {
	return fmt.Sprintf("%d stacks named %s exist here: %s; name the owner whose state to rebuild", len(e.Owners),
		e.Stack, strings.Join(e.Owners, ", "))
}

// NoBucketError reports that the state's bucket does not exist.
type NoBucketError struct{ Bucket string }

func (e *NoBucketError) Error() string {
	return fmt.Sprintf("the bucket %s does not exist", e.Bucket)
}
