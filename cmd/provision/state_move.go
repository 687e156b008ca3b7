package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/config"
	"provision/pkg/state"
)

func newStateInit(t terminal, f *flags) *cobra.Command {
	days := int32(0)
	cmd := &cobra.Command{
		Use:   "init s3://BUCKET[/PREFIX]",
		Short: "Make the bucket that states are kept in, or complete it",
		Long: "init makes a bucket with versions, encryption, no public access and no plain HTTP, in the region of the profile\n" +
			"or AWS_REGION, and keeps old versions for some time. On a bucket that is there it sets what is missing.",
		Example: "  provision state init s3://example-states\n  provision up --state s3://example-states/prod",
		Args:    oneArgument("the bucket's URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return initState(cmd.Context(), t, f, args[0], days)
		},
	}
	cmd.Flags().Int32Var(&days, "keep-days", 90, "days that old versions are kept")
	return cmd
}

func initState(ctx context.Context, t terminal, f *flags, url string, days int32) (err error) {
	bucket, _, ok := state.ParseS3URL(url)
	if !ok {
		return usageError{fmt.Errorf("%q is not of the form s3://bucket/prefix", url)}
	}
	if days < 1 {
		return usageError{fmt.Errorf("--keep-days: %d is not above 0", days)}
	}
	s := &session{}
	defer func() { err = errors.Join(err, s.end(ctx)) }()
	if s.config, err = f.loadFile(); err != nil {
		return err
	}
	if err := s.connect(ctx, t, f); err != nil {
		return err
	}
	if err := s.expectsSomebody(f); err != nil {
		return err
	}
	if err := s.identify(ctx, f, s.cloud.DefaultRegion()); err != nil {
		return err
	}
	return s.initBucket(ctx, t, bucket, days)
}

// initBucket tells what it did even if it could not do all.
func (s *session) initBucket(ctx context.Context, t terminal, bucket string, days int32) error {
	region := s.home.DefaultRegion()
	done, err := state.InitBucket(ctx, s.home.S3(region), state.BucketOptions{
		Bucket: bucket, Region: region, KMSKey: s.config.State.KMSKey, Days: days,
	})
	for _, what := range done {
		fmt.Fprintln(t.err, what)
	}
	if err == nil && len(done) == 0 {
		fmt.Fprintf(t.err, "the bucket %s is as wanted\n", bucket)
	}
	return err
}

// offerBucket makes the bucket that a run's state is to be kept in, if that is wanted.
func (s *session) offerBucket(ctx context.Context, t terminal, f *flags, missing *state.NoBucketError) error {
	question := fmt.Sprintf("The bucket %s for the state does not exist. Make it in %s?", missing.Bucket, s.home.DefaultRegion())
	if err := confirm(ctx, t, f, question, yes); err != nil {
		return errors.Join(missing, err)
	}
	return s.initBucket(ctx, t, missing.Bucket, 0)
}

func newStateMigrate(t terminal, f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate PATH|s3://BUCKET/PREFIX",
		Short: "Copy the state to another place, from a file to S3 or back",
		Long: "migrate copies the state of --state or the settings to another place, which must not have one, reads it back and\n" +
			"compares. The old one stays as it is: set `state:` in the settings to the new place.",
		Example: "  provision state migrate s3://example-states/prod\n" +
			"  provision state migrate --state s3://example-states/prod .provision/web.json",
		Args: oneArgument("the new place"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), t, f, func(s *session) error { return s.migrate(cmd.Context(), t, f, args[0]) })
		},
	}
}

func (s *session) migrate(ctx context.Context, t terminal, f *flags, place string) error {
	d, err := s.store.Load(ctx)
	if err != nil {
		return err
	}
	at := config.State{Path: place, KMSKey: s.config.State.KMSKey, Lease: s.config.State.Lease}
	if _, _, ok := state.ParseS3URL(place); ok {
		at.Path, at.S3 = "", place
	} else if strings.Contains(place, "://") {
		return usageError{fmt.Errorf("%q is not of the form s3://bucket/prefix", place)}
	}
	to, err := s.storeAt(ctx, t, f, at)
	if err != nil {
		return err
	}
	if err := to.CheckWritable(ctx); err != nil {
		return err
	}
	regions := append(d.RegionNames(), state.Global)
	if err := s.acquire(ctx, t, f, purpose{command: "state migrate"}, regions); err != nil { // nobody writes meanwhile
		return err
	}
	lock, err := to.Acquire(ctx, state.Request{
		Regions: slices.Clone(regions), Timeout: f.lockTimeout, Holder: state.Self("state migrate", time.Now()),
	})
	if err != nil {
		return err
	}
	s.close = append(s.close, lock.Release)
	if err := state.Migrate(ctx, s.store, to, lock); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s holds what %s does: use it with --state %s, or `state:` in the settings.\n",
		to.Location(), s.store.Location(), place)
	return err
}
