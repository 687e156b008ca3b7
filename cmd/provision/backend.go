package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

const defaultSandboxSpeed = 60

// maxSandboxSpeed is where what the machine itself takes, a call or a write to the disk, becomes minutes of AWS's time, and
// waits run out of it.
const maxSandboxSpeed = 10000

// backend is what answers the calls: AWS, or the sandbox in this process.
type backend struct {
	sandbox *sandbox.Sandbox // nil: AWS, or what stands in for it at an endpoint
	stand   *cloud.Stand     // nil: the network
	web     http.RoundTripper
	clock   graph.Clock
	speed   float64 // of the clock; 0: real time

	home     *cloud.Cloud // with the run's own credentials; nil: not opened yet
	borrowed bool         // somebody else closes it
}

func (f *flags) openBackend() (*backend, error) {
	if !f.sandbox {
		return &backend{clock: graph.RealClock}, nil
	}
	var faults []sandbox.Fault
	for _, text := range f.sandboxFault {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("--sandbox-fault: %w", err)}
		}
		faults = append(faults, fault)
	}
	clock := sandbox.NewScaledClock(f.sandboxSpeed)
	box, err := sandbox.Open(f.sandboxFile, sandbox.Options{Clock: clock, Faults: faults})
	if err != nil {
		return nil, err
	}
	return &backend{
		sandbox: box,
		stand: &cloud.Stand{
			Client:      box,
			Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
		},
		web:   box,
		clock: clock,
		speed: f.sandboxSpeed,
	}, nil
}

func (b *backend) close() error {
	if b.sandbox == nil || b.borrowed {
		return nil
	}
	return b.sandbox.Close()
}

// open gives a cloud with the run's own credentials. Sessions that share them share their connections, too.
func (b *backend) open(ctx context.Context, o cloud.Options) (*cloud.Cloud, error) {
	if b.home != nil {
		return b.home.Share(o), nil
	}
	o.Instead = b.stand
	return cloud.Open(ctx, o)
}

// enter gives the cloud of a target: with its role assumed, if it has one. In the sandbox, where all accounts are at
// hand and no administrator has made roles, it is the target's account itself.
func (b *backend) enter(ctx context.Context, home *cloud.Cloud, target config.Target, o cloud.Options) (*cloud.Cloud, error) {
	switch {
	case b.stand != nil && target.Account != "":
		o.Instead = &cloud.Stand{
			Client: b.stand.Client, Credentials: credentials.NewStaticCredentialsProvider(target.Account, "sandbox", ""),
		}
		return cloud.Open(ctx, o)
	case target.RoleARN != "":
		return home.Assume(target.RoleARN, o), nil
	}
	return home, nil
}
