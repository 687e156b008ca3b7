package reliability

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

// latency keeps calls under way for a while, so that a crash meets many of them.
const latency = 80 * time.Millisecond

// crash is the consistency of reads, and how long after the crash the next run starts.
type crash struct {
	lag   int
	pause time.Duration
	cases int // in a run that is not long; of calls there are about 80, and each has two instants

	inBucket bool // the state is in S3
}

// Things are older than ten minutes, and then than AWS's memory of client tokens and deleted NAT gateways, in the last
// two. By then reads have caught up with writes.
var crashes = []crash{
	{lag: 0, cases: 50},
	{lag: 1, cases: 10},
	{lag: 3, cases: 20},
	{lag: 5, cases: 10},
	{pause: time.Hour, cases: 10},
	{pause: 30 * time.Hour, cases: 10},
	{lag: 0, cases: 10, inBucket: true},
	{lag: 3, cases: 5, inBucket: true},
}

func (c crash) String() string {
	return fmt.Sprintf("lag %d, %s later%s", c.lag, c.pause, map[bool]string{true: ", state in S3"}[c.inBucket])
}

func (c crash) options() sandbox.Options {
	return sandbox.Options{ReadLag: c.lag, Latency: latency, Seed: uint64(c.lag)}
}

// filmed is a command's run, shot at each call.
type filmed struct {
	others      account        // the resources in the account that are not the stack's
	undisturbed map[string]int // of each kind, when the stack is up
	shots       []shot
}

// film runs up, or up and then down, and shoots the last of them.
func (c crash) film(t *testing.T, down bool) (f filmed) {
	synctest.Test(t, func(t *testing.T) {
		cam, o := &camera{}, c.options()
		o.Intercept = cam.intercept
		w := newWorld(t, o)
		if c.inBucket {
			w.keepInBucket(t)
		}
		f.others = w.furnish(t)
		up := func() error { return w.up(t.Context()) }
		if !down {
			f.shots = cam.film(t, w, up)
		} else if err := up(); err != nil {
			t.Fatal(err)
		}
		f.undisturbed = w.account(t).without(f.others).count()
		if down {
			f.shots = cam.film(t, w, func() error { return w.down(t.Context()) })
		}
	})
	return f
}

// A run that is killed before or after the effect of any of its calls, reads included, is made good by the next run.
func TestCrashAtEveryCallOfUp(t *testing.T) {
	for _, c := range some(len(crashes), crashes) {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			f := c.film(t, false)
			c.each(t, f, "next up", c.cases, func(t *testing.T, w *world) {
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("the next up: %v", err)
				}
				w.mustBeUp(t, f.others, f.undisturbed)
			})
		})
	}
}

// The same for down: the next down finishes, and if the user has decided otherwise, the next up restores all.
func TestCrashAtEveryCallOfDown(t *testing.T) {
	for _, c := range some(len(crashes), crashes) {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			f := c.film(t, true)
			c.each(t, f, "next down", c.cases, func(t *testing.T, w *world) {
				if err := w.down(t.Context()); err != nil {
					t.Fatalf("the next down: %v", err)
				}
				w.mustBeDown(t, f.others)
			})
			c.each(t, f, "next up", c.cases/5, func(t *testing.T, w *world) {
				if err := w.up(t.Context()); err != nil {
					t.Fatalf("the next up: %v", err)
				}
				w.mustSettle(t)
				w.mustBeUp(t, f.others, f.undisturbed)
			})
		})
	}
}

// each lets the next run heal the worlds of n of the shots in a short run, and of all in a long one.
func (c crash) each(t *testing.T, f filmed, next string, n int, heal func(*testing.T, *world)) {
	chosen := some(n, f.shots)
	t.Logf("%s: %d of the %d instants", next, len(chosen), len(f.shots))
	for _, s := range chosen {
		runCase(t, next+" "+s.name(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { heal(t, s.after(t, c.options(), c.pause)) })
		})
	}
}
