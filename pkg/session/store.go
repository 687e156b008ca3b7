package session

import (
	"context"
	"net/url"
	"path"
	"time"

	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/state"
)

// OpenStore opens the place where the settings keep the state.
func (s *Session) OpenStore(ctx context.Context) (err error) {
	s.Store, err = s.StoreAt(ctx, s.Config.State)
	return err
}

// StoreAt connects to AWS only for a state that is kept there.
func (s *Session) StoreAt(ctx context.Context, at config.State) (state.Store, error) {
	if at.S3 == "" {
		return state.NewLocal(at.Path, state.Options{}), nil
	}
	bucket, prefix, ok := state.ParseS3URL(at.S3)
	if !ok {
		return nil, ending.Usagef("--state: %q is not of the form s3://bucket/prefix", at.S3)
	}
	if err := s.Connect(ctx); err != nil {
		return nil, err
	}
	if err := s.Identify(ctx, s.Cloud.DefaultRegion()); err != nil {
		return nil, err
	}
	return s.s3(bucket, prefix, at), nil
}

// s3 is a store in a bucket. It makes no call.
func (s *Session) s3(bucket, prefix string, at config.State) *state.S3 {
	api := s.Home.S3(s.Home.DefaultRegion())
	return state.NewS3(api, bucket, prefix, s.Config.Name, state.S3Options{
		Lease: at.Lease, KMSKey: at.KMSKey, Owner: s.bucketOwner(at),
	})
}

// bucketOwner is the account that the state's bucket must belong to: that of the settings, else that of the credentials that
// the state is kept with. Those of a target's role may be another account's.
func (s *Session) bucketOwner(at config.State) string {
	if at.BucketOwner != "" || s.Home != s.Cloud {
		return at.BucketOwner
	}
	return s.Identity.Account
}

// ShardStore is where the runners of a fleet share what they work on; ok is false where the state is not shared either. No
// target can have its name.
func (s *Session) ShardStore() (store *state.S3, ok bool) {
	bucket, prefix, ok := state.ParseS3URL(s.Config.State.S3)
	if !ok {
		return nil, false
	}
	return s.s3(bucket, path.Join(prefix, ".shards"), s.Config.State), true
}

// head describes a state that this run would start.
func (s *Session) head() state.Head {
	head := state.Head{
		Stack: s.Config.Name, Owner: state.NewOwner(), Account: s.Identity.Account,
		Sandbox: s.Backend.Sandbox != nil, Created: time.Now(),
	}
	if endpoint, err := url.Parse(s.Cloud.Custom()); err == nil {
		head.Endpoint = endpoint.Hostname()
	}
	return head
}
