package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/config"
	"provision/pkg/ending"
	"provision/pkg/state"
	"provision/pkg/terminal"
)

func newStateInit(t terminal.Terminal, c *common) *cobra.Command {
	days := int32(0)
	cmd := &cobra.Command{
		Use:   "init s3://BUCKET[/PREFIX]",
		Short: "Create the bucket that holds states, or complete its settings",
		Long: "init creates a bucket with versions, encryption, no public access and no plain HTTP, in the region of the profile\n" +
			"or AWS_REGION, and keeps old versions for some time. On an existing bucket it sets what is missing.",
		Example: "  provision state init s3://example-states\n  provision up --state s3://example-states/prod",
		Args:    cli.One("the bucket's URL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return initState(cmd.Context(), t, *c, args[0], days)
		},
	}
	cmd.Flags().Int32Var(&days, "keep-days", 90, "days that old versions are kept")
	return cmd
}

func initState(ctx context.Context, t terminal.Terminal, c common, url string, days int32) (err error) {
	bucket, _, ok := state.ParseS3URL(url)
	if !ok {
		return ending.Usagef("%q is not of the form s3://bucket/prefix", url)
	}
	if days < 1 {
		return ending.Usagef("--keep-days: %d is not above 0", days)
	}
	cfg, err := c.settings.load()
	if err != nil {
		return err
	}
	s := unopened(t, c, cfg)
	defer func() { err = errors.Join(err, s.Close(ctx)) }()
	if err := s.Connect(ctx); err != nil {
		return err
	}
	if err := s.CheckExpected(); err != nil {
		return err
	}
	if err := s.Identify(ctx, s.Cloud.DefaultRegion()); err != nil {
		return err
	}
	return s.InitBucket(ctx, bucket, days)
}

func newStateMigrate(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "migrate PATH|s3://BUCKET/PREFIX",
		Short: "Copy the state to another place, from a file to S3 or back",
		Long: "migrate copies the state of --state or the settings to another place, which must not have one, reads it back and\n" +
			"compares. The old one stays as it is: set `state:` in the settings to the new place.",
		Example: "  provision state migrate s3://example-states/prod\n" +
			"  provision state migrate --state s3://example-states/prod .provision/web.json",
		Args: cli.One("the new place"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStore(cmd.Context(), t, *c, func(s *opened) error { return s.migrate(cmd.Context(), args[0]) })
		},
	}
}

func (s *opened) migrate(ctx context.Context, place string) error {
	d, err := s.Store.Load(ctx)
	if err != nil {
		return err
	}
	at := config.State{
		Path: place, KMSKey: s.Config.State.KMSKey, Lease: s.Config.State.Lease, BucketOwner: s.Config.State.BucketOwner,
	}
	if _, _, ok := state.ParseS3URL(place); ok {
		at.Path, at.S3 = "", place
	} else if strings.Contains(place, "://") {
		return ending.Usagef("%q is not of the form s3://bucket/prefix", place)
	}
	to, err := s.StoreAt(ctx, at)
	if err != nil {
		return err
	}
	if err := to.CheckWritable(ctx); err != nil {
		return err
	}
	const command = "state migrate"
	parts := append(d.RegionNames(), state.Global)
	if err := s.Acquire(ctx, command, parts); err != nil { // no other run writes meanwhile
		return err
	}
	lock, err := s.AcquireAt(ctx, to, command, parts)
	if err != nil {
		return err
	}
	if err := state.Migrate(ctx, s.Store, to, lock); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.host.terminal.Out, "%s is a copy of %s: use it with --state %s, or `state:` in the settings.\n",
		to.Location(), s.Store.Location(), place)
	return err
}
