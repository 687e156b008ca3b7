package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/clock"
)

func TestSleep(t *testing.T) {
	interrupted := errors.New("Ctrl-C")
	for name, tc := range map[string]struct {
		ends time.Duration // of the context
		want error
		took time.Duration
	}{
		"to its end":   {time.Hour, nil, time.Minute},
		"interrupted":  {time.Second, interrupted, time.Second},
		"at the start": {0, interrupted, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				stop := time.AfterFunc(tc.ends, func() { cancel(interrupted) })
				defer stop.Stop()
				var c clock.Clock = clock.Real{}
				began := c.Now()
				if err := c.Sleep(ctx, time.Minute); !errors.Is(err, tc.want) || err == nil != (tc.want == nil) {
					t.Errorf("Sleep() = %v, want %v", err, tc.want)
				}
				if took := c.Now().Sub(began); took != tc.took {
					t.Errorf("it took %s, want %s", took, tc.took)
				}
			})
		})
	}
}
