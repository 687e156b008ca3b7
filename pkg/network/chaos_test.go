package network

import (
	"fmt"
	"testing"
	"testing/synctest"

	"provision/pkg/sandbox"
)

// With answers lost, calls refused and reads late, there is exactly one of each in the end, and nothing after down.
func TestChaosScenario(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, sandbox.Options{Seed: seed, ReadLag: int(seed % 4), Chaos: sandbox.Chaos{
					Throttle: 0.05, ServerError: 0.03, Before: 0.03, LostResponse: 0.05,
				}})
				s.Up(s.network)
				s.OneOfEach(s.network)
				s.Down()
			})
		})
	}
}
