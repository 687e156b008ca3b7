package reliability

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

var errOffline = errors.New("the network is unreachable")

// The network goes away for good in the middle of a run, at any call, before or after its effect. The run says so in
// bounded time, with all it was told in the state, and the next run makes it good.
func TestNetworkGoesAwayAtEveryCall(t *testing.T) {
	c := undisturbed(t)
	for _, moment := range []sandbox.Moment{sandbox.Before, sandbox.After} {
		for _, n := range some(6, upTo(c.calls)) {
			t.Run(fmt.Sprintf("%s call %d", when(moment), n), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, sandbox.Options{ReadLag: n % 4, Intercept: func(call sandbox.Call, at sandbox.Moment) error {
						if call.Seq > int64(n) || call.Seq == int64(n) && at == moment {
							return errOffline
						}
						return nil
					}})
					start := time.Now()
					err := w.up(t.Context())
					if err == nil && len(w.box.Calls()) >= n {
						t.Error("up did not notice")
					}
					if took := time.Since(start); took > time.Hour {
						t.Errorf("up took %s to notice", took)
					}
					if err != nil {
						mustBeReadable(t, err)
					}
					w.calm(t)
					must(t, w.up(t.Context()))
					w.wait(t, time.Hour)
					w.mustBeUp(t, account{}, c.count)
				})
			})
		}
	}
}
