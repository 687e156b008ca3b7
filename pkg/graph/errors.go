package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// NodeError reports which step failed on which resource of which region.
type NodeError struct {
	Region string
	Key    Key
	Tried  string // "create", "update", "delete", "wait for"
	Err    error
}

func (e *NodeError) Error() string {
	return fmt.Sprintf("%s: %s %s: %v", e.Region, e.Tried, e.Key, e.Err)
}

// Unwrap returns the cause.
func (e *NodeError) Unwrap() error { return e.Err }

// unseen is the error of a change that failed, or may have, when the look at its result failed as well. It is one
// cause.
func unseen(err, lookErr error) error {
	return fmt.Errorf("%w; its outcome can't be read: %w", err, lookErr)
}

// BlockedError reports that a resource was not worked on because one that it needs failed.
type BlockedError struct{ By Key }

func (e *BlockedError) Error() string { return fmt.Sprintf("not tried because %s failed", e.By) }

// HeldError reports that a resource can't be deleted while others hold it.
type HeldError struct{ By []Blocker }

func (e *HeldError) Error() string {
	var names []string
	for _, h := range e.By {
		name := h.Kind + " " + h.ID
		if h.Owner != "" {
			name += " (" + h.Owner + ")"
		}
		names = append(names, name)
	}
	return "held by " + strings.Join(names, ", ")
}

// Commands are those that remove what holds it, as far as they are known.
func (e *HeldError) Commands() []string {
	var all []string
	for _, h := range e.By {
		if h.Remove != "" && !slices.Contains(all, h.Remove) {
			all = append(all, h.Remove)
		}
	}
	return all
}

// UnknownBlockerError says that the cloud keeps a resource because of something that no list names. It is tried again for
// a short while only: what the lists do not have yet, they have soon, and what they never have does not go.
type UnknownBlockerError struct{ Err error }

func (e *UnknownBlockerError) Error() string {
	return "held by something that no list names: " + e.Err.Error()
}

// Unwrap gives the cloud's refusal.
func (e *UnknownBlockerError) Unwrap() error { return e.Err }

// RefusedError reports that a plan contains changes that can't be made in place.
type RefusedError struct {
	Region string
	Steps  []Step
}

func (e *RefusedError) Error() string {
	var why []string
	for _, s := range e.Steps {
		for _, c := range s.Changes {
			if c.Fixed != "" {
				why = append(why, fmt.Sprintf("%s: %s from %s to %s: %s", s.Key, c.Field, c.From, c.To, c.Fixed))
			}
		}
	}
	return fmt.Sprintf("%s: can't be changed in place: %s", e.Region, strings.Join(why, "; "))
}

// ErrStopped is in the cause of a context that ends because the user stopped the run: nothing went wrong.
var ErrStopped = errors.New("stopped")

// Stopped reports whether the only cause of err is that the user stopped the run.
func Stopped(err error) bool {
	causes := Causes(err)
	return len(causes) > 0 && !slices.ContainsFunc(causes, func(e error) bool { return !errors.Is(e, ErrStopped) })
}

// Causes are the errors of err that are not just the consequence of another: each failed resource once.
func Causes(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, Causes(e)...)
		}
		return all
	}
	if _, blocked := errors.AsType[*BlockedError](err); blocked || err == nil {
		return nil
	}
	return []error{err}
}
