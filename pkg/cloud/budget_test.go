package cloud

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// service is a bucket as AWS keeps one: a call without a token is refused.
type service struct {
	mu   sync.Mutex
	rate quota
	left float64
	at   time.Time
}

func (s *service) call() (throttled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.left, s.at = min(s.left+now.Sub(s.at).Seconds()*s.rate.refill, s.rate.size), now
	if s.left < 1 {
		return true
	}
	s.left--
	return false
}

// load makes calls through a bucket until so many were let through, and says how many were refused and how long it took.
func load(ctx context.Context, s *service, b *limiter, calls int) (refused int, took time.Duration) {
	start := time.Now()
	for done := 0; done < calls; {
		if b.take(ctx) != nil {
			return refused, time.Since(start)
		}
		throttled := s.call()
		b.learn(throttled)
		if throttled {
			refused++
		} else {
			done++
		}
	}
	return refused, time.Since(start)
}

// Alone in the account, nothing is refused, and nothing takes longer than AWS's own rate.
func TestABudgetAsLargeAsAWSHasItIsNeverExceeded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := quota{float64(rapid.IntRange(4, 100).Draw(rt, "size")), rapid.Float64Range(0.3, 20).Draw(rt, "refill")}
		calls := rapid.IntRange(1, 300).Draw(rt, "calls")
		var refused int
		var took time.Duration
		synctest.Test(t, func(t *testing.T) {
			s := &service{rate: r, left: r.size, at: time.Now()}
			refused, took = load(t.Context(), s, newLimiter(r), calls)
		})
		least := time.Duration(max(0, float64(calls)-r.size) / r.refill * float64(time.Second))
		if refused > 0 || took > least+2*time.Millisecond {
			rt.Errorf("%d of %d calls refused; %s, want %s", refused, calls, took, least)
		}
	})
}

// Where six runs share the account, few calls are refused, and the rate is used.
func TestABudgetAdaptsToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const runs, calls = 6, 100
		r := quota{50, 5}
		s := &service{rate: r, left: r.size, at: time.Now()}
		refused, start := make([]int, runs), time.Now()
		var group sync.WaitGroup
		for i := range runs {
			group.Go(func() { refused[i], _ = load(t.Context(), s, newLimiter(r), calls) })
		}
		group.Wait()
		all := 0
		for _, n := range refused {
			all += n
		}
		least := time.Duration((runs*calls - r.size) / r.refill * float64(time.Second))
		took := time.Since(start)
		t.Logf("%d of %d calls refused; %s, at AWS's rate %s", all, runs*calls, took, least)
		if all > runs*calls/2 || took > least*3/2 {
			t.Errorf("%d of %d calls refused, in %s; at AWS's rate it is %s", all, runs*calls, took, least)
		}
	})
}

// A call that is no longer wanted leaves its token to others.
func TestABudgetOfWhoGivesUpIsNotSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newLimiter(quota{1, 1})
		if err := b.take(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if b.take(ctx) == nil {
			t.Error("take() of an ended context = nil")
		}
		start := time.Now()
		if err := b.take(t.Context()); err != nil || time.Since(start) > 1100*time.Millisecond {
			t.Errorf("take() = %v after %s, want the next token after a second", err, time.Since(start))
		}
	})
}
