package reliability

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// The credentials expire in the middle of a run. Every created resource is recorded, the message tells the user to log
// in, and the next run resumes where this one ended.
func TestCredentialsExpireAtEveryTenthCall(t *testing.T) {
	c := undisturbed(t)
	var after []int
	for n := 2; n < c.calls; n += 10 {
		after = append(after, n)
	}
	for _, n := range some(1000, after) {
		runCase(t, fmt.Sprintf("after %d calls", n), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				expired := faults(t, "*/*:*/expired-token")
				var box *sandbox.Sandbox
				var once sync.Once
				w := newWorld(t, sandbox.Options{Intercept: func(call sandbox.Call, at sandbox.Moment) error {
					if at == sandbox.Before && call.Seq > int64(n) {
						once.Do(func() { box.AddFaults(expired...) })
					}
					return nil
				}})
				box = w.box
				err := w.up(t.Context())
				if err == nil {
					t.Fatal("up did not notice")
				}
				mustTell(t, err)
				if advice := cloud.Advice(err); !strings.Contains(advice, "log in again") {
					t.Errorf("the advice to %v is %q", err, advice)
				}
				w.mustKnowAll(t)
				w.calm(t)
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("up with new credentials: %v", err)
				}
				w.mustBeUp(t, account{}, c.count)
			})
		})
	}
}
