package graph

import (
	"context"
	"time"
)

// Observed is what a resource's package read from the cloud: a plain value, with no pointer into an SDK.
// Embed [Identity] to implement it.
type Observed interface {
	Ident() Identity
}

// Kind is what all things of one kind have in common: how they are listed, judged and deleted. It holds no wish
// about any of them, so that removal works from what is found and not from a config.
type Kind[O Observed] interface {
	// Kind is the name that the keys of this kind begin with.
	Kind() string

	// List returns everything of this kind that may be the stack's: what carries the stack's tag, or the IDs in
	// s.Only where that is set. What others own may be among it; the engine picks by owner. Calls go through
	// [Once], so that one list call serves every resource of the kind.
	List(ctx context.Context, s *Sweep) ([]O, error)

	// Phase judges a thing from its observed values alone, and says why it is not ready.
	Phase(o O) (Phase, string)

	// Delete starts a deletion; the engine waits until Phase says gone or List no longer has it. Deleting
	// something that is gone is no error.
	Delete(ctx context.Context, o O) error

	// Pace says how long the kind usually takes, so that it is looked at when it is likely to be done.
	Pace() Pace
}

// Resource is one wanted thing: the wish, and the calls that make it come true.
type Resource[O Observed] interface {
	Kind[O]

	Key() Key

	// Tags are what the thing is to carry; the engine adds the nonce.
	Tags() Tags

	// Needs are the edges of the graph. See [Need] for which step waits for what.
	Needs() []Need

	// Diff is pure: what must change for o to be as wanted. Plan, drift and "did it work" are this one function.
	// A change that the cloud can't make in place has Replace set to the reason where the resource may be replaced
	// freely, and Fixed where it must not be: then the run is refused.
	Diff(o O) []Change

	// Create makes the thing with one mutating call, tags and nonce included, and returns what the answer says.
	// Attachments, attributes, rules and routes are Update's.
	Create(ctx context.Context, c Claim) (O, error)

	// Update makes the given changes, each of which came from Diff, and returns o as it is afterwards. Calls that
	// do not depend on each other run side by side.
	Update(ctx context.Context, o O, changes []Change) (O, error)
}

// Holding is implemented by kinds that others' things can keep from being deleted.
type Holding[O Observed] interface {
	// Holders lists what still holds o, from one list call shared by all of the kind. Empty: o can be deleted now.
	Holders(ctx context.Context, s *Sweep, o O) ([]Holder, error)
}

// Holder is something that keeps a resource from being deleted.
type Holder struct {
	ID, Kind, Owner string
	// Passing is set for what the cloud itself will take away soon, e.g. the network interface of a load balancer
	// that was deleted a moment ago. The others are somebody's, and stay.
	Passing bool
	// Remove is the command that removes it, for people; empty where none is known.
	Remove string
}

// Repeatable is implemented by kinds whose Create can be repeated with the same claim without making a second thing:
// by a token, a unique name or an address that conflicts. The engine looks before it repeats any other.
type Repeatable interface {
	RepeatsSafely() bool
}

// DeletedFirst is implemented by kinds of which two generations can't exist side by side, since they would have the same
// name or address: a replacement deletes the old one before it creates the new one. What the cloud lets hold such a
// resource has to be replaced with it, as its own Diff says; it can't be turned over to what is not there yet.
type DeletedFirst interface {
	DeletedFirst() bool
}

// Together is implemented by kinds of which one call deletes several.
type Together[O Observed] interface {
	// DeleteTogether starts the deletion of all of them. It returns what kept some from it, by ID; an error says that
	// the call as a whole was refused, and then each is deleted by itself.
	DeleteTogether(ctx context.Context, all []O) (failed map[string]error, err error)
}

// Tied is implemented by kinds that the cloud deletes together with another kind, such as listeners with their load
// balancer. Where that one is being removed, no call is made for these.
type Tied interface {
	GoesWith() string // the other kind
}

// Fading is implemented by kinds of which the cloud removes what failed, and lists it as failed for some time still,
// whether or not it is asked to delete it. A failed thing of such a kind is gone as soon as its deletion is answered.
type Fading interface {
	FailedFades() bool
}

// Outputs is implemented by observed values that have more to tell their dependents than their ID.
type Outputs interface {
	Outputs() map[string]string
}

// Phase is how far a thing is.
type Phase int

// The phases. Gone is for tombstones that are still listed.
const (
	Pending Phase = iota
	Ready
	Failed
	Leaving
	Gone
)

func (p Phase) String() string {
	return [...]string{"pending", "ready", "failed", "deleting", "gone"}[p]
}

// Pace is how long a kind takes. Zero values mean at once, and ten minutes.
type Pace struct {
	Usual time.Duration // from its creation until it is ready, at the earliest
	Leave time.Duration // from its deletion until it is gone, at the earliest
	Limit time.Duration // when to give up waiting for either

	// Typical and TypicalLeave are how long the same takes mostly, for people; zero: as Usual and Leave.
	Typical, TypicalLeave time.Duration
}
