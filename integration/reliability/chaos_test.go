package reliability

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// Everything at once, in three regions: reads lag, what is new is not known everywhere, calls are throttled, refused and
// lost, answers get lost, what AWS has accepted fails later, processes are stopped and die at any moment, people run up and
// down as they please. In the end, when the weather is fine again, one more run makes it all right: there is exactly one of
// everything, or nothing.
func TestChaos(t *testing.T) {
	count := map[bool]map[string]int{}
	synctest.Test(t, func(t *testing.T) {
		w := inThreeRegions(t, sandbox.Options{})
		must(t, w.up(t.Context()))
		count[true] = w.account(t).count()
	})
	for _, seed := range seeds(t, 80, 5000) {
		runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			replayable(t, "TestChaos", seed)
			synctest.Test(t, func(t *testing.T) { newStorm(t, seed).rage(count[true]) })
		})
	}
}

// storm is one seed's story.
type storm struct {
	*testing.T
	*world
	random *rand.Rand
	others account
}

func newStorm(t *testing.T, seed uint64) *storm {
	s := &storm{T: t, random: rand.New(rand.NewPCG(seed, 0))}
	s.world = inThreeRegions(t, s.weather(seed))
	s.others = s.account(t)
	return s
}

// weather is what the sandbox does to calls.
func (s *storm) weather(seed uint64) sandbox.Options {
	share := func(most float64) float64 { return s.random.Float64() * most }
	return sandbox.Options{
		Faults: faults(s.T,
			fmt.Sprintf("*/ec2:NatGatewayAvailable#%d/code=InternalError,message=bad luck", 1+s.random.IntN(20)),
			fmt.Sprintf("*/elasticloadbalancing:LoadBalancerActive#%d/code=internal_error,message=bad luck", 1+s.random.IntN(10)),
			fmt.Sprintf("*/ec2:RunInstances#%d/code=InsufficientInstanceCapacity", 1+s.random.IntN(10)),
		),
		Seed: seed, ReadLag: s.random.IntN(4), UseLag: time.Duration(s.random.IntN(4)) * 5 * time.Second,
		Latency: time.Duration(s.random.IntN(200)) * time.Millisecond,
		Chaos: sandbox.Chaos{
			Throttle: share(0.2), ServerError: share(0.05), Before: share(0.05), LostResponse: share(0.05),
		},
	}
}

func (s *storm) rage(up map[string]int) {
	for range 2 + s.random.IntN(3) {
		s.command()
	}
	s.calm(s.T)
	if s.random.IntN(2) == 0 {
		if err := s.world.down(s.Context()); err != nil {
			s.Fatalf("down when all is calm: %v", err)
		}
		s.wait(s.T, time.Hour)
		s.mustBeDown(s.T, s.others)
		return
	}
	if err := s.world.up(s.Context()); err != nil {
		s.Fatalf("up when all is calm: %v", err)
	}
	s.wait(s.T, time.Hour)
	s.mustBeUp(s.T, s.others, up)
}

// command runs up or down, and perhaps stops or kills it after a while.
func (s *storm) command() {
	run, name := s.world.up, "up"
	if s.random.IntN(3) == 0 {
		run, name = s.world.down, "down"
	}
	end := endings[s.random.IntN(len(endings))]
	lives := time.Duration(s.random.IntN(270)) * time.Second
	err := s.ended(end, lives, run)
	s.Logf("%s, to be %v after %s: %v", name, end, lives, err)
	if err != nil {
		mustTell(s.T, err)
	}
	if err := s.status(s.Context()); err != nil {
		mustTell(s.T, err)
	}
}

// How a command may end before it is done.
var (
	errKilled  = fmt.Errorf("%w: it was killed", graph.ErrStopped)
	errStopped = fmt.Errorf("%w: somebody asked for it", graph.ErrStopped)
	endings    = []error{errKilled, errKilled, errStopped, nil}
)

// ended runs a command that is stopped after so long, or killed: from then on the account and the disk are as they
// were.
func (s *storm) ended(how error, after time.Duration, run func(context.Context) error) (err error) {
	if how == nil {
		return run(s.Context())
	}
	ctx, cancel := context.WithCancelCause(s.Context())
	defer cancel(nil)
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case err = <-done:
		return err
	case <-timer.C:
	}
	if errors.Is(how, errStopped) {
		cancel(how)
		return <-done
	}
	account, files, err := s.instant()
	must(s.T, err)
	cancel(how)
	<-done
	s.comeBack(account, files)
	return how
}

// comeBack is the world as it was when the process was killed, in the same weather.
func (s *storm) comeBack(account []byte, files map[string][]byte) {
	s.box = sandbox.New(s.weather(s.random.Uint64()))
	must(s.T, s.box.Restore(account))
	must(s.T, writeFolder(filepath.Dir(s.path), files))
}
