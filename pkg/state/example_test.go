package state_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"provision/pkg/graph"
	"provision/pkg/state"
)

// A run locks the state, opens it, gives the engine a journal for each region, and closes what it opened.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	check(err)
	defer os.RemoveAll(dir)

	store := state.NewLocal(filepath.Join(dir, "web.json"), state.Options{})
	check(store.CheckWritable(ctx))
	lock, err := store.Acquire(ctx, state.Request{Holder: state.Self("up", time.Now())})
	check(err)
	w, err := lock.Open(ctx, state.Head{Stack: "web", Owner: state.NewOwner(), Account: "123456789012"})
	check(err)

	check(w.SetFacts("eu-west-1", state.Facts{CIDR: "10.7.0.0/16"}))
	journal := w.Journal("eu-west-1")
	check(journal.Claim(ctx, []graph.Claim{{Key: "vpc", Nonce: "01JDEGY4ZT3M8S6V0QW2X5R7AB"}})) // durable: create it now
	check(journal.Bind("vpc", "vpc-0a1b"))
	check(w.Close(ctx))
	check(lock.Release(ctx))

	d, err := store.Load(ctx)
	check(err)
	for _, entry := range d.Journal("eu-west-1").Entries() {
		fmt.Println(entry.Key, entry.ID)
	}
	// Output: vpc vpc-0a1b
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
