package stack_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/effect"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
)

// witness remembers the worst moments of a region.
type witness struct {
	mu     sync.Mutex
	seen   int
	least  int
	unused int
	dark   map[string]bool
}

func (w *witness) watch(s sandbox.Scene) {
	w.mu.Lock()
	defer w.mu.Unlock()
	healthy, serves := s.Healthy["provision-web"]
	if !serves {
		return
	}
	if w.seen == 0 || healthy < w.least {
		w.least = healthy
	}
	w.seen++
	w.unused = max(w.unused, s.Unused)
	for _, zone := range s.Dark {
		w.dark[zone] = true
	}
}

func (w *witness) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen, w.unused, w.dark = 0, 0, map[string]bool{}
}

// What serves is given up only when what takes over serves: at no event are fewer targets healthy than the plan announces,
// and no private subnet loses its way out while an instance runs in it.
func TestMakeBeforeBreak(t *testing.T) {
	for name, tc := range map[string]struct{ before, after string }{
		"a zone less":                     {"network: {azs: 3}, compute: {min: 3, max: 6}", "network: {azs: 2}, compute: {min: 3, max: 6}"},
		"a zone less, with few instances": {"network: {azs: 3}, compute: {min: 2, max: 4}", "network: {azs: 2}, compute: {min: 2, max: 4}"},
		"a zone less, with a single NAT gateway": {
			"network: {azs: 3, nat: single}, compute: {min: 3, max: 6}", "network: {azs: 2, nat: single}, compute: {min: 3, max: 6}",
		},
		"one NAT gateway for all": {"network: {nat: per-az}", "network: {nat: single}"},
		"a NAT gateway for each":  {"network: {nat: single}", "network: {nat: per-az}"},
		"a regional NAT gateway":  {"network: {nat: per-az}", "network: {nat: regional}"},
		"back from the regional":  {"network: {nat: regional}", "network: {nat: per-az}"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				seen := &witness{dark: map[string]bool{}}
				w := newWorld(t, sandbox.Options{Watch: seen.watch}, "eu-west-1")
				w.file = filepath.Join(t.TempDir(), "provision.yaml")
				set := func(defaults string) {
					if err := os.WriteFile(w.file, []byte("version: 1\ndefaults: {"+defaults+"}\n"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				set(tc.before)
				outcome, err := w.up(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				wanted := outcome.Results[1].Wanted
				time.Sleep(10 * time.Minute) // as much as the grace period and more
				seen.forget()

				set(tc.after)
				announced := 0
				err = w.run(t.Context(), func(s *stack.Stack) error {
					plan := s.Plan(t.Context())
					announced = effect.Replacements(plan.Regions[0].Effects)
					return s.Apply(t.Context(), plan).Err()
				})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Minute)
				if _, err := w.plan(t.Context()); err != nil { // one more look of the witness
					t.Fatal(err)
				}
				if seen.seen == 0 || seen.least < wanted-announced {
					t.Errorf("%d targets were healthy at the least of %d events; %d are wanted, and the plan announces %d fewer",
						seen.least, seen.seen, wanted, announced)
				}
				if seen.unused > 0 {
					t.Errorf("the load balancer left a zone before %d instances did", seen.unused)
				}
				if len(seen.dark) > 0 {
					t.Errorf("instances lost their way out in %v", seen.dark)
				}
			})
		})
	}
}
