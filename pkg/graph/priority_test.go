package graph

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLimiterServesTheLongestPathFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1)
		if err := l.acquire(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		var served []time.Duration
		for _, path := range []time.Duration{2, 7, 1, 7, 5} {
			go func() {
				if l.acquire(t.Context(), path) == nil {
					served = append(served, path)
					l.release()
				}
			}()
		}
		synctest.Wait()
		l.release()
		synctest.Wait()
		if diff := cmp.Diff([]time.Duration{7, 7, 5, 2, 1}, served); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLimiterGivesBackATurnNobodyTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1)
		if err := l.acquire(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		go func() { result <- l.acquire(ctx, 1) }()
		synctest.Wait()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("acquire() = %v, want it canceled", err)
		}
		l.release()
		if err := l.acquire(t.Context(), 1); err != nil {
			t.Errorf("the slot was lost: %v", err)
		}
	})
}
