package main

import (
	"context"
	"fmt"

	"time"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/fleet"
	"provision/pkg/state"
)

// shardBoard keeps the leases of a fleet's shares beside the states of its targets.
type shardBoard struct {
	store   *state.S3
	command string
	tell    func(string)
}

const shareName = "%d-of-%d" // of the lock of a share

// Claim implements [fleet.Board].
func (b shardBoard) Claim(ctx context.Context, shard fleet.Shard, patience time.Duration) (fleet.Claim, error) {
	lock, err := b.store.Acquire(ctx, state.Request{
		Regions: []string{fmt.Sprintf(shareName, shard.Index, shard.Count)}, Timeout: patience,
		Holder:  state.Self(b.command, time.Now()),
		Waiting: func(h state.Holder) { b.tell(fmt.Sprintf("share %s: waiting for %s", shard, h)) },
	})
	if cloud.IsDenied(err) {
		return nil, ending.RefusedError{Err: err}
	}
	if err != nil {
		return nil, err
	}
	return lock, nil
}

// Look implements [fleet.Board]. Runs of another command are not this one's to go on with.
func (b shardBoard) Look(ctx context.Context, count int) ([]fleet.Seen, error) {
	leases, err := b.store.Leases(ctx)
	var all []fleet.Seen
	for _, lease := range leases {
		var shard fleet.Shard
		n, _ := fmt.Sscanf(lease.Holder.Region, shareName, &shard.Index, &shard.Count)
		if n == 2 && shard.Count == count && lease.Holder.Command == b.command {
			all = append(all, fleet.Seen{Shard: shard, Holder: lease.Holder.String(), Ended: -lease.Left})
		}
	}
	return all, err
}
