package session

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// Backend is what answers the calls: AWS, or the sandbox in this process.
type Backend struct {
	Sandbox *sandbox.Sandbox // nil: AWS, or what stands in for it at an endpoint
	Stand   *cloud.Stand     // nil: the network
	Web     http.RoundTripper
	Clock   clock.Clock
	Speed   float64 // of the clock; 0: real time

	home     *cloud.Cloud // with the run's own credentials; nil: not opened yet
	borrowed bool         // another session closes it
}

// Sandbox says whether the built-in sandbox takes AWS's place, and how.
type Sandbox struct {
	On     bool
	File   string   // where it keeps its accounts
	Speed  float64  // how many times faster than AWS its time goes
	Faults []string // to inject, each as region/service:Action#n/mode
}

// Open starts the sandbox, whether it is on or not.
func (o Sandbox) Open() (*Backend, error) {
	var faults []sandbox.Fault
	for _, text := range o.Faults {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			return nil, ending.Usagef("--sandbox-fault: %w", err)
		}
		faults = append(faults, fault)
	}
	clock := sandbox.NewScaledClock(o.Speed)
	box, err := sandbox.Open(o.File, sandbox.Options{Clock: clock, Faults: faults})
	if err != nil {
		return nil, err
	}
	b := InSandbox(box, sandbox.DefaultAccount, "sandbox")
	b.Clock, b.Speed = clock, o.Speed
	return b, nil
}

func (o Sandbox) open() (*Backend, error) {
	if !o.On {
		return &Backend{Clock: clock.Real{}}, nil
	}
	return o.Open()
}

// InSandbox is a sandbox that is there, in real time, with these credentials: an account's number is a key.
func InSandbox(box *sandbox.Sandbox, key, secret string) *Backend {
	return &Backend{
		Sandbox: box, Web: box, Clock: clock.Real{},
		Stand: &cloud.Stand{Client: box, Credentials: credentials.NewStaticCredentialsProvider(key, secret, "")},
	}
}

// Shared is the session's backend for another session, which shares its credentials and connections.
func (s *Session) Shared() *Backend {
	shared := *s.Backend
	shared.home, shared.borrowed = s.Home, true
	return &shared
}

// Close ends the sandbox, if it is this backend's own.
func (b *Backend) Close() error {
	if b.Sandbox == nil || b.borrowed {
		return nil
	}
	return b.Sandbox.Close()
}

// open gives a cloud with the run's own credentials. Sessions that share them share their connections, too.
func (b *Backend) open(ctx context.Context, o cloud.Options) (*cloud.Cloud, error) {
	if b.home != nil {
		return b.home.Share(o), nil
	}
	o.Instead = b.Stand
	return cloud.Open(ctx, o)
}

// enter gives the cloud of a target: with its role assumed, if it has one. In the sandbox, where all accounts are at
// hand and no administrator has created roles, it is the target's account itself.
func (b *Backend) enter(ctx context.Context, home *cloud.Cloud, target config.Target, o cloud.Options) (*cloud.Cloud, error) {
	switch {
	case b.Stand != nil && target.Account != "":
		o.Instead = &cloud.Stand{
			Client: b.Stand.Client, Credentials: credentials.NewStaticCredentialsProvider(target.Account, "sandbox", ""),
		}
		return cloud.Open(ctx, o)
	case target.RoleARN != "":
		return home.Assume(target.RoleARN, o), nil
	}
	return home, nil
}
