package session

import (
	"context"

	"provision/pkg/cloud"
	"provision/pkg/state"
)

// Connect opens the log and creates clients, once; it makes no call.
func (s *Session) Connect(ctx context.Context) (err error) {
	if s.Cloud != nil {
		return nil
	}
	if s.Backend = s.options.Backend; s.Backend == nil {
		if s.Backend, err = s.options.Sandbox.open(); err != nil {
			return err
		}
	}
	s.close = append(s.close, func(context.Context) error { return s.Backend.Close() })
	s.host.Connected(s.Backend.Clock)
	s.RunID = state.NewOwner()
	if s.log, err = s.options.Log.start(s.RunID); err != nil {
		return err
	}
	s.close = append(s.close, func(context.Context) error { return s.log.close() })
	o := s.cloudOptions()
	if s.Home, err = s.Backend.open(ctx, o); err != nil {
		return err
	}
	s.Cloud, err = s.Backend.enter(ctx, s.Home, s.Config.Target, o)
	return err
}

func (s *Session) cloudOptions() cloud.Options {
	o := cloud.Options{
		Profile:     s.options.AWS.Profile,
		RoleARN:     s.options.AWS.RoleARN,
		EndpointURL: s.options.AWS.EndpointURL,
		PlainHTTP:   s.options.AWS.PlainHTTP,
		Version:     s.options.Version,
		RunID:       s.RunID,
		MFA:         s.host.MFA(),
		Observe: func(c cloud.Call) {
			s.host.Call(c)
			s.log.call(c)
		},
		Permit: s.log.permit,
	}
	if len(s.Config.Regions) > 0 {
		o.Near = s.Config.Regions[0]
	}
	return o
}
