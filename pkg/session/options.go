package session

import (
	"context"
	"time"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
)

// Options are what a session is opened with.
type Options struct {
	Config  *config.Config
	AWS     AWS
	Sandbox Sandbox
	Log     Log
	Run     Run
	Backend *Backend // what answers the calls; nil: what AWS and Sandbox say

	LockTimeout    time.Duration // how long to wait for another run
	RequireAccount bool          // refuse to write where neither settings nor options name the account
	Version        string        // of the program, for the user agent
}

// AWS says as whom and where AWS is called.
type AWS struct {
	Profile     string
	RoleARN     string // to assume
	EndpointURL string
	PlainHTTP   bool   // allow an endpoint without TLS on another machine
	Account     string // the only one allowed; empty: as the settings say
	Role        string // the only one allowed; empty: as the settings say
}

// Run says how the engine works on the stack.
type Run struct {
	Parallelism int // resources of a region worked on at once; 0: no limit
	RefreshAMI  bool
	SkipVerify  bool
}

// Host is who opens a session: it is told what happens, and asked where the session can't decide. Events and calls come
// from many goroutines.
type Host interface {
	Connected(clock.Clock)                            // before the first call; the clock is the one that the run goes by
	Call(cloud.Call)                                  // an attempt at an API call has ended
	Event(graph.Event)                                // something happened to a resource
	Tell(line string)                                 // for a user who waits
	Agree(ctx context.Context, question string) error // nil allows it
	MFA() func() (string, error)                      // asks for the code of a device; nil: it can't be typed
}
