package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"provision/pkg/graph"
)

const (
	roleVariable = "PROVISION_STATE_TEST_ROLE"
	pathVariable = "PROVISION_STATE_TEST_PATH"
)

// roles are what other processes do in tests.
var roles = map[string]func(path string) error{
	"hold":  holdLock,
	"write": writeForEver,
	"claim": claimOnce,
	"probe": func(path string) error { return NewLocal(path, Options{}).CheckWritable(context.Background()) },
}

// holdLock locks, says so, and lives until its standard input is closed.
func holdLock(path string) error {
	lock, err := NewLocal(path, Options{}).Acquire(context.Background(), Request{Holder: Self("hold", someTime)})
	if err != nil {
		return err
	}
	fmt.Println("locked")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return lock.Release(context.Background())
}

// claimOnce waits for the lock, claims one resource that bears this process's number, and ends.
func claimOnce(path string) error {
	ctx := context.Background()
	lock, err := NewLocal(path, Options{}).Acquire(ctx, Request{Holder: Self("claim", someTime), Timeout: time.Hour})
	if err != nil {
		return err
	}
	w, err := lock.Open(ctx, someHead)
	if err != nil {
		return err
	}
	key := graph.Key(fmt.Sprintf("thing/%d", os.Getpid()))
	err = w.Journal("eu-west-1").Claim(ctx, []graph.Claim{{Key: key, Nonce: "nonce"}})
	return errors.Join(err, w.Close(ctx), lock.Release(ctx))
}

// writeForEver claims one resource after another, and says which are durable.
func writeForEver(path string) error {
	ctx := context.Background()
	lock, err := NewLocal(path, Options{}).Acquire(ctx, Request{Holder: Self("write", someTime)})
	if err != nil {
		return err
	}
	w, err := lock.Open(ctx, someHead)
	if err != nil {
		return err
	}
	journal := w.Journal("eu-west-1")
	for n := len(journal.Entries()); ; n++ {
		c := graph.Claim{Key: graph.Key(fmt.Sprintf("thing/%06d", n)), Nonce: "nonce"}
		if err := journal.Claim(ctx, []graph.Claim{c}); err != nil {
			return err
		}
		fmt.Println(c.Key)
	}
}

// process starts this test binary in a role.
func process(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVariable+"="+role, pathVariable+"="+path)
	return cmd
}
