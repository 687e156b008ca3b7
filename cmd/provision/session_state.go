package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/stack"
	"provision/pkg/state"
)

func (s *session) openStore(ctx context.Context, t terminal, f *flags) (state.Store, error) {
	return s.storeAt(ctx, t, f, s.config.State)
}

// storeAt connects to AWS only for a state that is kept there.
func (s *session) storeAt(ctx context.Context, t terminal, f *flags, at config.State) (state.Store, error) {
	if at.S3 == "" {
		return state.NewLocal(at.Path, state.Options{}), nil
	}
	bucket, prefix, ok := state.ParseS3URL(at.S3)
	if !ok {
		return nil, usageError{fmt.Errorf("--state: %q is not of the form s3://bucket/prefix", at.S3)}
	}
	if err := s.connect(ctx, t, f); err != nil {
		return nil, err
	}
	if err := s.identify(ctx, f, s.cloud.DefaultRegion()); err != nil {
		return nil, err
	}
	return s.s3(bucket, prefix, at), nil
}

// s3 is a store in a bucket. It makes no call.
func (s *session) s3(bucket, prefix string, at config.State) *state.S3 {
	api := s.home.S3(s.home.DefaultRegion())
	return state.NewS3(api, bucket, prefix, s.config.Name, state.S3Options{Lease: at.Lease, KMSKey: at.KMSKey})
}

// takeRecord locks and opens the state for a command that writes; the others read it as it is.
func (s *session) takeRecord(ctx context.Context, t terminal, f *flags, p purpose, read state.Document, regions []string) error {
	head := s.head()
	var record stack.Record
	if p.writes {
		if err := s.acquire(ctx, t, f, p, regions); err != nil {
			return err
		}
		var err error
		if s.writer, err = s.lock.Open(ctx, head); err != nil {
			return err
		}
		s.close = append(s.close, s.writer.Close)
		record = s.writer
	} else {
		if read.Fresh() {
			read = state.Document{Schema: state.Schema, Head: head}
		} else if err := read.Check(head); err != nil {
			return err
		}
		record = stack.ReadOnly{Read: read}
	}
	s.useStack(f, record, regions)
	if p.writes && p.apart && s.locksApart() {
		s.stack.Shared = s.shared(t, f, p)
	}
	return nil
}

func (s *session) useStack(f *flags, record stack.Record, regions []string) {
	s.stack = &stack.Stack{
		Config: s.config, Cloud: s.cloud, Record: record, Regions: regions,
		Events: s.progress.event, Clock: s.backend.clock, Web: s.backend.web,
		Parallelism: f.parallelism, Concurrent: s.config.Rollout.MaxConcurrent, Tolerance: s.config.Rollout.FailureTolerance,
		RefreshAMI: f.refreshAMI, SkipVerify: f.skipVerify || s.cloud.Custom() != "",
	}
}

func (s *session) acquire(ctx context.Context, t terminal, f *flags, p purpose, regions []string) error {
	if err := s.expectsSomebody(f); err != nil {
		return err
	}
	parts := slices.Clone(regions)
	if !p.apart || !s.locksApart() {
		parts = append(parts, state.Global)
	}
	lock, err := s.store.Acquire(ctx, request(t, p, parts, f.lockTimeout))
	if cloud.IsDenied(err) {
		return refusedError{err}
	}
	if err != nil {
		return err
	}
	s.lock = lock
	s.close = append(s.close, lock.Release)
	return nil
}

func request(t terminal, p purpose, parts []string, timeout time.Duration) state.Request {
	return state.Request{
		Regions: parts,
		Timeout: timeout,
		Holder:  state.Self(p.command, time.Now()),
		Waiting: func(h state.Holder) { fmt.Fprintf(t.err, "waiting for %s\n", h) },
	}
}

// head is what a state that this run would begin says of itself.
func (s *session) head() state.Head {
	head := state.Head{
		Stack: s.config.Name, Owner: state.NewOwner(), Account: s.identity.Account,
		Sandbox: s.backend.sandbox != nil, Created: time.Now(),
	}
	if endpoint, err := url.Parse(s.cloud.Custom()); err == nil {
		head.Endpoint = endpoint.Hostname()
	}
	return head
}
