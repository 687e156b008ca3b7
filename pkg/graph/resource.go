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

// Kind describes all resources of one kind: how to list, judge and delete them. It holds no desired state, so that a
// removal works from the observed resources and not from the settings.
type Kind[O Observed] interface {
	// Kind is the name with which the keys of this kind start.
	Kind() string

	// List returns all resources of this kind that could be the stack's: those with the stack's tag, or with the IDs in
	// s.Only where that is set. Some may have other owners; the engine picks by owner. Calls go through [Once], so that
	// one list call serves every resource of the kind.
	List(ctx context.Context, s *Look) ([]O, error)

	// Phase judges a resource from its observed values alone, and returns the reason why it is not ready.
	Phase(o O) (Phase, string)

	// Delete starts a deletion; the engine waits until Phase is gone or List no longer returns the resource. Deleting a
	// resource that no longer exists is not an error.
	Delete(ctx context.Context, o O) error

	// Pace is how long the kind usually takes, so that the engine looks when the resource is likely to be ready.
	Pace() Pace
}

// Resource is one desired resource, with the calls that create and update it.
type Resource[O Observed] interface {
	Kind[O]

	Key() Key

	// Tags are the desired tags of the resource; the engine adds the nonce.
	Tags() Tags

	// Needs are the edges of the graph. See [Need] for which step waits for what.
	Needs() []Need

	// Diff is pure: it returns the changes that bring o to the desired state. Plan, drift and "did it work" are this
	// one function. For a change that the cloud can't make in place, Replace has the reason if the engine may replace
	// the resource, and Fixed is set if it must not: then the engine refuses the run.
	Diff(o O) []Change

	// Create creates the resource with one mutating call, tags and nonce included, and returns the values of the
	// answer. Attachments, attributes, rules and routes are left to Update.
	Create(ctx context.Context, c Claim) (O, error)

	// Update makes the given changes, each of which came from Diff, and returns o as it is afterwards. Calls that do
	// not depend on each other run in parallel.
	Update(ctx context.Context, o O, changes []Change) (O, error)
}

// Blocking is implemented by kinds that resources of others can keep from being deleted.
type Blocking[O Observed] interface {
	// Blockers lists what still holds o, from one list call shared by all of the kind. Empty: o can be deleted now.
	Blockers(ctx context.Context, s *Look, o O) ([]Blocker, error)
}

// Blocker is something that keeps a resource from being deleted.
type Blocker struct {
	ID, Kind, Owner string
	// Passing is set for a blocker that the cloud itself deletes soon, e.g. the network interface of a load balancer
	// that was deleted a moment ago. All other blockers belong to others, and stay.
	Passing bool
	// Remove is the command that removes it, for people; empty where none is known.
	Remove string
}

// Repeatable is implemented by kinds whose Create can be repeated with the same claim without creating a second
// resource: by a token, a unique name or an address that conflicts. The engine looks before it repeats any other.
type Repeatable interface {
	RepeatsSafely() bool
}

// DeletedFirst is implemented by kinds of which two generations can't exist at the same time, since they would have the
// same name or address: a replacement deletes the old one before it creates the new one. A resource that the cloud lets
// hold such a resource must be replaced with it, as its own Diff reports; it can't be changed to refer to one that does
// not exist yet.
type DeletedFirst interface {
	DeletedFirst() bool
}

// Together is implemented by kinds of which one call deletes several.
type Together[O Observed] interface {
	// DeleteTogether starts the deletion of all of them. It returns the errors of those that it could not delete, by
	// ID; an error means that the cloud refused the whole call, and then the engine deletes each with a call of its
	// own.
	DeleteTogether(ctx context.Context, all []O) (failed map[string]error, err error)
}

// Tied is implemented by kinds that the cloud deletes together with another kind, such as listeners with their load
// balancer. While the engine removes the other one, it makes no call for these.
type Tied interface {
	GoesWith() string // the other kind
}

// Fading is implemented by kinds of which the cloud removes what failed, and lists it as failed for some time still,
// whether or not it is asked to delete it. A failed thing of such a kind is gone as soon as its deletion is answered.
type Fading interface {
	FailedFades() bool
}

// Reporting is implemented by resources in which others can change what the program neither creates nor sets.
type Reporting[O Observed] interface {
	// Report is pure. It returns the differences that the engine leaves as they are: they are shown, and a resource with
	// one is not as wanted. To is what it would be without that.
	Report(o O) []Change
}

// Within is implemented by kinds whose resources are parts of another one, such as the listeners of a load balancer.
type Within[O Observed] interface {
	// Within returns the ID of the resource that o is a part of, and how that resource's report names o if others
	// created it.
	Within(o O) (id string, as Change)
}

// Outputs is implemented by observed values that have more for their dependents than an ID.
type Outputs interface {
	Outputs() map[string]string
}

// Phase is how far a resource is.
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
	Leave time.Duration // from the call until the resource no longer exists, at the earliest
	Limit time.Duration // when to give up waiting for either

	// Typical and TypicalLeave are how long creation and deletion mostly take, to show to people; zero: as Usual and
	// Leave.
	Typical, TypicalLeave time.Duration
}
