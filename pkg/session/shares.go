package session

import (
	"context"
	"fmt"
	"time"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/fleet"
	"provision/pkg/state"
)

// ShareBoard is where the runners of a fleet see who works on which share of its targets, as leases next to the states
// of the targets. It is nil where the state is not shared either.
func (s *Session) ShareBoard(command string, tell func(string)) fleet.Board {
	store, shared := s.ShardStore()
	if !shared {
		return nil
	}
	return shareBoard{store: store, command: command, tell: tell}
}

// shareBoard implements [fleet.Board] with locks.
type shareBoard struct {
	store   *state.S3
	command string
	tell    func(string)
}

const shareName = "%d-of-%d" // of the lock of a share

// Lease implements [fleet.Board].
func (b shareBoard) Lease(ctx context.Context, shard fleet.Shard, patience time.Duration) (fleet.Lease, error) {
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

// Look implements [fleet.Board]. This run does not continue shares of another command.
func (b shareBoard) Look(ctx context.Context, count int) ([]fleet.Seen, error) {
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
