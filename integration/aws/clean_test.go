package realaws

import (
	"context"
	"os"
	"time"

	"provision/integration/inventory"
)

const (
	cleanUps     = 3
	cleanLimit   = time.Hour
	lingers      = 5 * time.Minute // AWS still lists a deleted resource this long
	betweenLooks = 10 * time.Second
)

// cleanUp removes whatever is there, however the life ended: by the state, else by the tags. If something stays it says
// what, and keeps the state.
func (l *life) cleanUp() {
	ctx, stop := context.WithTimeout(context.Background(), cleanLimit) // the test's own has ended
	defer stop()
	left, err := l.mine(ctx)
	for try := 0; try < cleanUps && (err != nil || len(left) > 0); try++ {
		l.Logf("clean up: %d things are there (%v)", len(left), err)
		l.runIn(ctx, "down", "--yes")
		if left, err = l.mine(ctx); err == nil && len(left) == 0 {
			break
		}
		l.runIn(ctx, "recover", "--yes")
		l.runIn(ctx, "sweep", "--delete", "--yes")
		l.runIn(ctx, "down", "--yes")
		left, err = l.lasting(ctx)
	}
	if err != nil || len(left) > 0 {
		l.Errorf("remove this by hand: %v\n%s\nthe state is in %s", err, left, l.folder)
		return
	}
	if err := os.RemoveAll(l.folder); err != nil {
		l.Error(err)
	}
}

// lasting is what is still there after a while.
func (l *life) lasting(ctx context.Context) (left inventory.Inventory, err error) {
	for since := time.Now(); ; {
		if left, err = l.mine(ctx); err == nil && len(left) == 0 || time.Since(since) > lingers {
			return left, err
		}
		select {
		case <-ctx.Done():
			return left, ctx.Err()
		case <-time.After(betweenLooks):
		}
	}
}

// awaitNothing is what is still there after a while, if it can be told.
func (l *life) awaitNothing(ctx context.Context) inventory.Inventory {
	l.Helper()
	left, err := l.lasting(ctx)
	if err != nil {
		l.Fatal(err)
	}
	return left
}
