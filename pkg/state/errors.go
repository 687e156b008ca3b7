package state

import (
	"errors"
	"fmt"
	"strings"
)

// ErrStale says that somebody else wrote the state since it was read, so that nothing was written over it.
var ErrStale = errors.New("somebody else wrote it since this run read it; run the command again")

// ErrNothing says that nothing was found to rebuild a state from.
var ErrNothing = errors.New("nothing that exists carries the stack's tags")

// CorruptError says that a state is there but can't be used. It is never taken for an empty one.
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

// Unwrap gives the cause.
func (e *CorruptError) Unwrap() error { return e.Err }

// NewerError says that a later version of the program wrote the state.
type NewerError struct {
	Location string
	Schema   int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the state %s has schema %d and this program reads up to %d: a newer program wrote it; it was left as it is",
		e.Location, e.Schema, Schema)
}

// IdentityError says that a state and a run are of different accounts or places.
type IdentityError struct {
	What       string // "stack", "place" or "account"
	State, Run string
}

// theSandbox is a place. Most who meet an [IdentityError] forgot to say --sandbox again.
const theSandbox = "the sandbox"

func (e *IdentityError) Error() string {
	switch theSandbox {
	case e.State:
		return fmt.Sprintf("the state is of %s, and this run is of %s: say --sandbox, or keep a state of its own for %s "+
			"with --name or --state", e.State, e.Run, e.Run)
	case e.Run:
		return fmt.Sprintf("the state is of %s, and this run is of %s: leave out --sandbox, or keep a state of its own for "+
			"%s with --name or --state", e.State, e.Run, e.Run)
	}
	return fmt.Sprintf("the state is of %s, and this run is of %s: use the credentials, endpoint and name that it was "+
		"made with, or another --state; `provision recover` builds the state of what exists here", e.of(e.State), e.of(e.Run))
}

// OfSandbox says whether one of them is of the sandbox, and the other one is not.
func (e *IdentityError) OfSandbox() bool { return e.State == theSandbox || e.Run == theSandbox }

func (e *IdentityError) of(which string) string {
	if e.What == "place" {
		return which
	}
	return e.What + " " + which
}

// UnwritableError says that a state could not be kept where it is wanted. Nothing was made.
type UnwritableError struct {
	Location string
	Err      error
}

func (e *UnwritableError) Error() string {
	return fmt.Sprintf("the state can't be kept at %s: %v", e.Location, e.Err)
}

// Unwrap gives the cause.
func (e *UnwritableError) Unwrap() error { return e.Err }

// WriteError says that a run can't keep its journal any more, so that nothing new may be made.
type WriteError struct {
	Location string
	Err      error
}

func (e *WriteError) Error() string {
	return fmt.Sprintf("the state %s can't be written: %v; nothing new is made", e.Location, e.Err)
}

// Unwrap gives the cause.
func (e *WriteError) Unwrap() error { return e.Err }

// LockedError says who works on the state now.
type LockedError struct {
	Location string
	Holder   Holder
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("the state %s is locked by %s", e.Location, e.Holder)
}

// LostError says that a lock is no longer this run's.
type LostError struct {
	Location string
	Err      error
}

func (e *LostError) Error() string {
	return fmt.Sprintf("the lock of the state %s is no longer this run's: %v; nothing new is made or written", e.Location,
		e.Err)
}

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// OwnersError says that things of one stack name have several owners.
type OwnersError struct {
	Stack  string
	Owners []string // each with a thing that it owns
}

func (e *OwnersError) Error() string {
	return fmt.Sprintf("%d stacks named %s exist here: %s; name the owner whose state is to be rebuilt", len(e.Owners),
		e.Stack, strings.Join(e.Owners, ", "))
}

// NoBucketError says that the bucket a state is to be kept in does not exist.
type NoBucketError struct{ Bucket string }

func (e *NoBucketError) Error() string {
	return fmt.Sprintf("the bucket %s does not exist", e.Bucket)
}
