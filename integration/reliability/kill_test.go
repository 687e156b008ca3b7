package reliability

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

const killsPerLife = 4

// The real program is killed (SIGKILL, so that it can't clean up) four times in each life of a stack, at any of its
// calls, in up and in down. Each next run resumes, and in the end the account is as after an undisturbed life.
func TestKilledProcesses(t *testing.T) {
	t.Parallel() // with each other: they wait
	endpoint := serve(t)
	before, undisturbed := undisturbedServed(t, endpoint)
	t.Run("lives", func(t *testing.T) {
		for _, seed := range seeds(t, 10, 10) {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				replayable(t, "TestKilledProcesses", seed)
				s, random := newServed(t, endpoint, accountOf(seed)), rand.New(rand.NewPCG(seed, 0))
				for command, kills := "up", 0; kills < killsPerLife; {
					n, mode := draw(random)
					p, code := s.at(n, mode, func(p *process) { must(t, p.Process.Kill()) }, command, "--yes")
					switch {
					case code == exitKilled:
						kills++
						countCase(t)
						t.Logf("%s was killed at call %d, mode %d", command, n, mode)
					case code != exitDone:
						t.Fatalf("%s after %d kills ends with %d:\n%s", command, kills, code, p.said())
					case command == "up": // it had fewer calls than that
						command = "down"
					default:
						command = "up"
					}
				}
				s.mustHeal(before, undisturbed)
			})
		}
	})
}
