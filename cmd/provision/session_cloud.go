package main

import (
	"context"

	"provision/pkg/cloud"
	"provision/pkg/state"
)

// connect makes clients, once; it makes no call.
func (s *session) connect(ctx context.Context, t terminal, f *flags) (err error) {
	if s.cloud != nil {
		return nil
	}
	if s.backend, err = t.backend(f); err != nil {
		return err
	}
	s.close = append(s.close, func(context.Context) error { return s.backend.close() })
	s.progress = newProgress(t, f, s.backend.clock)
	s.run = state.NewOwner()
	log, end, err := f.log.open(t, s.run)
	if err != nil {
		return err
	}
	s.close = append(s.close, func(context.Context) error { return end() })
	o := cloud.Options{
		Profile:     f.profile,
		RoleARN:     f.roleARN,
		EndpointURL: f.endpointURL,
		Version:     version(),
		RunID:       s.run,
		MFA:         t.askMFA(),
		Observe: func(c cloud.Call) {
			s.progress.call(c)
			if log != nil {
				logCall(log, c)
			}
		},
	}
	if len(s.config.Regions) > 0 {
		o.Near = s.config.Regions[0]
	}
	if s.home, err = s.backend.open(ctx, o); err != nil {
		return err
	}
	s.cloud, err = s.backend.enter(ctx, s.home, s.config.Target, o)
	return err
}

// identify asks AWS who we are, once, before any other call.
func (s *session) identify(ctx context.Context, f *flags, region string) (err error) {
	if s.identity.Account != "" {
		return nil
	}
	if s.identity, err = s.cloud.Identity(ctx, region); err != nil {
		return err
	}
	return f.checkIdentity(s.config, s.identity)
}
