package state

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"provision/pkg/clock"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

const (
	runners    = 2
	runsEach   = 2
	claimsEach = 3
)

// tardyS3 delivers writes late, now and then by more than a lease, whether or not their sender still waits; it loses
// answers; and it answers reads late. So a runner's writes arrive while another has long had its lock, and a runner
// acts on what was true long ago.
type tardyS3 struct {
	S3API
	random *rand.Rand // guarded by mu
	mu     *sync.Mutex
	sent   *sync.WaitGroup
}

// delay draws how long a call is under way, and whether its answer is lost.
func (a tardyS3) delay(longOneIn int) (delay time.Duration, lost bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delay, lost = time.Duration(a.random.IntN(300))*time.Millisecond, a.random.IntN(20) == 0
	if a.random.IntN(longOneIn) == 0 {
		delay += time.Duration(a.random.IntN(90)) * time.Second
	}
	return delay, lost
}

func (a tardyS3) jitter(limit time.Duration) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Duration(a.random.Int64N(int64(limit)))
}

func (a tardyS3) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	out, err := a.S3API.GetObject(ctx, in)
	delay, _ := a.delay(40)
	if clock.Sleep(ctx, delay) != nil {
		return nil, cutOff()
	}
	return out, err
}

func (a tardyS3) PutObject(ctx context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	delay, lost := a.delay(8)
	type answer struct {
		out *s3.PutObjectOutput
		err error
	}
	came := make(chan answer, 1)
	a.sent.Go(func() {
		ctx := context.WithoutCancel(ctx)
		_ = clock.Sleep(ctx, delay)
		out, err := a.S3API.PutObject(ctx, in)
		if lost {
			out, err = nil, cutOff()
		}
		came <- answer{out, err}
	})
	select {
	case got := <-came:
		return got.out, got.err
	case <-ctx.Done():
		return nil, cutOff()
	}
}

// cutOff is an error that leaves open whether the call had its effect.
func cutOff() error { return &smithyhttp.RequestSendError{Err: errCut} }

// battle counts what happened in all fights, lest they were peaceful.
type battle struct {
	mu              sync.Mutex
	durable         map[graph.Key]bool // what the journals promised in this fight
	claimed, fenced int
}

// Two runners fight for a region with leases that run out under them. In the bucket's history, version by
// version, no write of an older lock follows one of a newer, and no claim that was durable is ever missing.
func TestFencedWritesAreNeverLostOrInterleaved(t *testing.T) {
	for name, c := range map[string]struct {
		seeds  uint64
		bucket func(*testing.T) S3API
	}{
		"memory":  {1000, func(*testing.T) S3API { return &memoryS3{keys: map[string][]memoryVersion{}} }},
		"sandbox": {40, func(t *testing.T) S3API { return s3Client(newBucket(t, sandbox.Options{})) }},
	} {
		t.Run(name, func(t *testing.T) {
			var b battle
			for seed := range c.seeds {
				b.durable = map[graph.Key]bool{}
				synctest.Test(t, func(t *testing.T) { b.fight(t, c.bucket(t), seed) })
				if t.Failed() {
					t.Fatalf("with seed %d", seed)
				}
			}
			if b.claimed < int(c.seeds) || b.fenced == 0 {
				t.Errorf("too peaceful: %d claims, %d writers fenced out", b.claimed, b.fenced)
			}
			t.Logf("%d seeds: %d claims durable, %d writers fenced out", c.seeds, b.claimed, b.fenced)
		})
	}
}

func (b *battle) fight(t *testing.T, api S3API, seed uint64) {
	var sent, all sync.WaitGroup
	for n := range runners {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		tardy := tardyS3{api, random, new(sync.Mutex), &sent}
		s := NewS3(tardy, someBucket, "", "web", S3Options{Lease: 30 * time.Second})
		s.jitter = tardy.jitter
		all.Go(func() {
			for run := range runsEach {
				b.run(t.Context(), s, fmt.Sprintf("runner-%d/run-%d", n, run))
			}
		})
	}
	all.Wait()
	sent.Wait()
	checkVersions(t, NewS3(api, someBucket, "", "web", S3Options{}), b.durable)
}

// run is one run of a runner: it claims until it is done or fenced out.
func (b *battle) run(ctx context.Context, s *S3, name string) {
	lock, err := s.Acquire(ctx, Request{Regions: []string{someRegion}, Timeout: time.Hour})
	if err != nil {
		return
	}
	defer func() { _ = lock.Release(ctx) }()
	w, err := lock.Open(ctx, someHead)
	if err != nil {
		b.count(err)
		return
	}
	for n := range claimsEach {
		key := graph.Key(fmt.Sprintf("%s-%d", name, n))
		if err := w.Journal(someRegion).Claim(ctx, claims(key)); err != nil {
			b.count(err)
			break
		}
		b.mu.Lock()
		b.durable[key] = true
		b.claimed++
		b.mu.Unlock()
	}
	_ = w.Close(ctx)
}

func (b *battle) count(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, lost := errors.AsType[*LostError](err); lost || errors.Is(err, ErrStale) {
		b.fenced++
	}
}

// checkVersions reads what was written, from the first version to the last.
func checkVersions(t *testing.T, s *S3, durable map[graph.Key]bool) {
	t.Helper()
	versions, err := s.History(t.Context())
	mustDo(t, err)
	slices.Reverse(versions)
	var before part
	for _, v := range versions {
		_, id, _ := strings.Cut(v.ID, "@")
		o, err := s.getVersion(t.Context(), s.partKey(someRegion), id)
		mustDo(t, err)
		var p part
		mustDo(t, unsealPart(v.ID, o.data, &p))
		if p.Fence.Generation < before.Fence.Generation || p.Serial <= before.Serial {
			t.Errorf("%v, serial %d, was written over %v, serial %d", p.Fence, p.Serial, before.Fence, before.Serial)
		}
		for key := range before.Regions[someRegion].Resources {
			if _, kept := p.Regions[someRegion].Resources[key]; !kept {
				t.Errorf("%s was lost when %v wrote over %v", key, p.Fence, before.Fence)
			}
		}
		before = p
	}
	for key := range durable {
		if _, kept := before.Regions[someRegion].Resources[key]; !kept {
			t.Errorf("%s was durable and is lost", key)
		}
	}
}
