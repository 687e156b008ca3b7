package reliability

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"

	"provision/integration/proxy"
)

// The real program is asked to stop, by SIGINT or SIGTERM, at any of its calls: calls under way finish and are
// recorded, the exit code shows the signal, and the next run resumes. Asked twice it ends at once.
func TestSignals(t *testing.T) {
	t.Parallel() // with each other: they wait
	endpoint := serve(t)
	before, undisturbed := undisturbedServed(t, endpoint)
	t.Run("points", func(t *testing.T) {
		for _, seed := range seeds(t, 20, 20) {
			runCase(t, fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				replayable(t, "TestSignals", seed)
				s, random := newServed(t, endpoint, accountOf(seed)), rand.New(rand.NewPCG(seed, 0))
				signal, code := syscall.SIGINT, exitInterrupt
				if random.IntN(2) == 0 {
					signal, code = syscall.SIGTERM, exitTerminated
				}
				once := func(p *process) { must(t, p.Process.Signal(signal)) }
				n := 1 + random.IntN(50)
				p, got := s.at(n, proxy.Pass, once, "up", "--yes")
				if got != code || !strings.Contains(p.said(), "stopped on request") || !strings.Contains(p.said(), "next: ") {
					t.Errorf("up, asked to stop by %s at call %d, ends with %d, want %d:\n%s", signal, n, got, code, p.said())
				}
				s.mustKnowAll()

				// The call at which it is asked twice is not answered before the process has ended. If that call only reads,
				// once may be enough: what only reads is not waited for.
				twice := func(p *process) {
					once(p)
					<-p.told
					if err := p.Process.Signal(signal); !errors.Is(err, os.ErrProcessDone) {
						must(t, err)
					}
					<-p.ended
				}
				n = 1 + random.IntN(20)
				if _, got := s.at(n, proxy.Pass, twice, "up", "--yes"); got != code {
					t.Errorf("up, asked to stop twice by %s at call %d, ends with %d, want %d", signal, n, got, code)
				}
				s.mustHeal(before, undisturbed)
			})
		}
	})
}
