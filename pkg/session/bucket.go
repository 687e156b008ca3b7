package session

import (
	"context"
	"errors"
	"fmt"

	"provision/pkg/state"
)

// InitBucket creates the bucket that states are kept in, or completes it. It tells what it did even if it could not do all.
// Old versions are kept for so many days; 0: as long as the bucket's own default.
func (s *Session) InitBucket(ctx context.Context, bucket string, days int32) error {
	region := s.Home.DefaultRegion()
	done, err := state.InitBucket(ctx, s.Home.S3(region), state.BucketOptions{
		Bucket: bucket, Region: region, KMSKey: s.Config.State.KMSKey, Days: days, Owner: s.bucketOwner(s.Config.State),
	})
	for _, what := range done {
		s.host.Tell(what)
	}
	if err == nil && len(done) == 0 {
		s.host.Tell(fmt.Sprintf("the bucket %s is up to date", bucket))
	}
	return err
}

// offerBucket creates the bucket of a run's state, if the host agrees.
func (s *Session) offerBucket(ctx context.Context, missing *state.NoBucketError) error {
	question := fmt.Sprintf("The bucket %s for the state does not exist. Create it in %s?", missing.Bucket, s.Home.DefaultRegion())
	if err := s.host.Agree(ctx, question); err != nil {
		return errors.Join(missing, err)
	}
	return s.InitBucket(ctx, missing.Bucket, 0)
}
