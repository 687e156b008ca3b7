package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// megabyte is a unit of what is printed.
const megabyte = 1 << 20

// simulation is a fleet at AWS's own durations, in virtual time.
type simulation struct{ accounts, regions, runners, atOnce int }

// regionNames are so many regions of the commercial partition that need no opt-in.
func regionNames(n int) []string {
	all := []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3",
		"eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1",
		"ap-southeast-2",
	}
	return all[:n]
}

// A fleet of many accounts and regions, with AWS's limits of the rate of calls on: how many calls it takes, how much
// memory, and how long. PROVISION_LONG takes 200 accounts and 17 regions, as docs/fleets.md tells it.
func TestSimulatedFleet(t *testing.T) {
	s := simulation{accounts: 8, regions: 3, runners: 2, atOnce: 10}
	if os.Getenv("PROVISION_LONG") != "" {
		s = simulation{accounts: 200, regions: 17, runners: 4, atOnce: 10}
	}
	synctest.Test(t, func(t *testing.T) {
		settings := fmt.Sprintf("regions: [%s]\ndefaults: {network: {azs: 2}}\ntargets:\n", strings.Join(regionNames(s.regions), ", "))
		for i := range s.accounts {
			settings += fmt.Sprintf("  team-%03d: {account: %q}\n", i, accountOf(i))
		}
		w := newWorld(t, sandbox.Options{Latency: latency, Throttling: true}, settings)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		alone := w.simulate(t, simulation{accounts: 1, regions: s.regions, runners: 1, atOnce: 1}, "up", "--targets", "team-000")
		up := w.simulate(t, s, "up")
		idle := w.simulate(t, s, "plan", "--detailed-exitcode")
		rounds := (s.accounts/s.runners + s.atOnce - 1) / s.atOnce
		if most := time.Duration(rounds+1) * alone.took; up.took > most {
			t.Errorf("up of %d rounds of targets takes %s, and one target alone %s", rounds, up.took, alone.took)
		}
		if most := s.accounts * s.regions * 25; idle.calls > most {
			t.Errorf("a plan of all takes %d calls, want %d at most", idle.calls, most)
		}
	})
}

// simulated is what a command took.
type simulated struct {
	calls int
	took  time.Duration
}

// simulate runs a command on the whole fleet, and prints what it took.
func (w *world) simulate(t *testing.T, s simulation, command string, more ...string) simulated {
	t.Helper()
	w.box.ForgetCalls()
	began, peak := time.Now(), w.watchHeap(t)
	var group sync.WaitGroup
	for i := range s.runners {
		args := append([]string{command, "--state", inS3, "--max-concurrent-targets", fmt.Sprint(s.atOnce)}, more...)
		if command == "up" {
			args = append(args, "--yes")
		}
		if s.runners > 1 {
			args = append(args, "--shard", fmt.Sprintf("%d/%d", i+1, s.runners))
		}
		group.Go(func() {
			if r := w.run(args...); r.code != ending.Done {
				t.Errorf("%v ends with %d:\n%.3000s", args, r.code, r.err)
			}
		})
	}
	group.Wait()
	took := simulated{took: time.Since(began).Round(time.Second)}
	highest, after := peak()
	for _, n := range w.box.CallCounts() {
		took.calls += n
	}
	t.Logf("%-6s %3d accounts × %2d regions, %d runners, %2d targets at once each: %7d calls, %s; heap %d MB at its peak, "+
		"%d MB of that the simulated accounts", command, s.accounts, s.regions, s.runners, s.atOnce, took.calls, took.took,
		highest/megabyte, after/megabyte)
	return took
}

// watchHeap looks every virtual ten seconds at the heap of this process, which all runners and the simulated accounts
// share. The returned function gives its peak, and what is left when the runners are gone.
func (w *world) watchHeap(t *testing.T) (end func() (peak, after uint64)) {
	t.Helper()
	var m runtime.MemStats
	highest := uint64(0)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		every := time.NewTicker(10 * time.Second)
		defer every.Stop()
		for {
			select {
			case <-done:
				return
			case <-every.C:
				runtime.ReadMemStats(&m)
				highest = max(highest, m.HeapAlloc)
			}
		}
	}()
	return func() (uint64, uint64) {
		close(done)
		<-ended
		runtime.GC()
		runtime.ReadMemStats(&m)
		return max(highest, m.HeapAlloc), m.HeapAlloc
	}
}
