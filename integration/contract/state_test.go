package contract

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/integration/localstack"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/state"
)

func TestContractStateSandbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keepState(t, newWorld(t.Context(), aws.Config{
			Region: home, HTTPClient: sandbox.New(sandbox.Options{}),
			Credentials: credentials.NewStaticCredentialsProvider("sandbox", "secret", ""),
		}, sandboxLooks, sandboxPause), "states")
	})
}

func TestContractStateLocalStack(t *testing.T) {
	account := localstack.Account(t)
	config := localstack.Config(localstack.Endpoint(t), account, home)
	keepState(t, newWorld(t.Context(), config, localstackLooks, localstackPause), "states-"+account)
}

// keepState is the life of a state in a bucket: made, locked, written, taken over by force, gone back to, ended.
func keepState(t *testing.T, w *world, bucket string) {
	t.Helper()
	const region = "eu-west-1"
	ctx := t.Context()
	want := func(what string, ok bool, err error) {
		t.Helper()
		if !ok || err != nil {
			t.Fatalf("%s: %t, %v", what, ok, err)
		}
	}
	options := state.BucketOptions{Bucket: bucket, Region: home}
	done, err := state.InitBucket(ctx, w.s3, options)
	want("the bucket is made", len(done) > 0, err)
	done, err = state.InitBucket(ctx, w.s3, options)
	want("and is then as wanted", len(done) == 0, err)

	store := state.NewS3(w.s3, bucket, "teams/a", "web", state.S3Options{})
	ask := state.Request{Regions: []string{region}, Holder: state.Self("up", time.Now())}
	first, err := store.Acquire(ctx, ask)
	want("the first run has the lock", true, err)
	_, err = store.Acquire(ctx, ask)
	_, locked := errors.AsType[*state.LockedError](err)
	want("the second is refused", locked, nil)

	head := state.Head{Stack: "web", Owner: state.NewOwner(), Account: "000000000000"}
	writer, err := first.Open(ctx, head)
	want("it begins a state", true, err)
	claim := func(w *state.Writer, key graph.Key) error {
		return w.Journal(region).Claim(ctx, []graph.Claim{{Key: key, Nonce: state.NewOwner()}})
	}
	want("it claims", true, claim(writer, "vpc"))
	broken, err := store.Unlock(ctx)
	want("somebody breaks the lock", len(broken) == 1, err)
	second, err := store.Acquire(ctx, ask)
	want("the second run has the lock", true, err)
	next, err := second.Open(ctx, head)
	want("it goes on", true, err)
	want("it claims", true, claim(next, "subnet/a"))
	want("the first is fenced out", claim(writer, "subnet/b") != nil, nil)

	known, err := store.Load(ctx)
	want("both claims are there and no other", len(known.Regions[region].Resources) == 2, err)
	want("it ends", true, next.Close(ctx))
	versions, err := store.History(ctx)
	want("each write is a version", len(versions) >= 3, err)
	want("one of them comes back", true, state.Restore(ctx, store, second, versions[1].ID))
	known, err = store.Load(ctx)
	want("that is the one without the second claim", len(known.Regions[region].Resources) == 1, err)
	want("the lock is given back", true, second.Release(ctx))
	holders, err := store.Holders(ctx)
	want("free", len(holders) == 0, err)
	_ = writer.Close(ctx) // whose lock was broken
	_ = first.Release(ctx)
}
