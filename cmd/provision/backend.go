package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

const defaultSandboxSpeed = 60

// backend is what answers the calls: AWS, or the sandbox in this process.
type backend struct {
	sandbox *sandbox.Sandbox // nil: AWS, or what stands in for it at an endpoint
	stand   *cloud.Stand     // nil: the network
	web     http.RoundTripper
	clock   graph.Clock
	speed   float64 // of the clock; 0: real time
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
	if errors.Is(err, sandbox.ErrInUse) {
		return nil, refusedError{err}
	}
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
	if b.sandbox == nil {
		return nil
	}
	return b.sandbox.Close()
}
