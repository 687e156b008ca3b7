package session

import (
	"provision/pkg/config"
	"provision/pkg/state"
)

// Purpose says what a session is opened for.
type Purpose struct {
	Command string  // as others see it in the lock
	Regions Regions // which of them it is about

	TakesLock      bool // it changes something, and opens the state for writing
	OffersBucket   bool // where the bucket of the state does not exist, the host is asked whether to create it
	DeletesStack   bool // a protected stack refuses it
	SearchesAll    bool // it is about every enabled region, unless regions are asked for, and about what no state knows
	IdentifiesHome bool // asks the partition's home region for the identity: the others might not be enabled

	// LocksSharedLate leaves what the stack has once unlocked until it is worked on, where that has a lock of its own, so
	// that runs in different regions don't wait for each other.
	LocksSharedLate bool
}

// Regions chooses the regions that a command is about.
type Regions func(*config.Config, state.Document) ([]string, error)
