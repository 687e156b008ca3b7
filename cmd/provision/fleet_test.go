package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/ending"
	"provision/pkg/fleet"
	"provision/pkg/sandbox"
)

// fleetOf is a small stack in the accounts of so many targets.
func fleetOf(n int, more string) (settings string, targets []string) {
	settings = smallStack + more + "\nregions: [eu-west-1]\ntargets:\n"
	for i := range n {
		name := fmt.Sprintf("team-%02d", i)
		targets = append(targets, name)
		settings += fmt.Sprintf("  %s: {account: \"%s\"}\n", name, accountOf(i))
	}
	return settings, targets
}

func accountOf(target int) string { return fmt.Sprintf("2%011d", target) }

// vpcs is how many VPCs a target has, not counting those that every account has.
func (w *world) vpcs(target int) int {
	w.Helper()
	dump, err := w.box.Dump(accountOf(target), false)
	if err != nil {
		w.Fatal(err)
	}
	var all map[string]map[string]map[string]any
	if err := json.Unmarshal(dump, &all); err != nil {
		w.Fatal(err)
	}
	return len(all["eu-west-1"]["vpc"])
}

// fleetDocument is what a command writes of a fleet with -o json.
type fleetDocument struct {
	Version int
	Targets []struct {
		Target, Account, Result, Error string
		Exit                           int
		TakenOver                      bool
		Document                       struct {
			Regions []struct{ Region, URL string }
		}
	}
}

func (w *world) fleetDocument(r result) (d fleetDocument, results map[string]string) {
	w.Helper()
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		w.Fatalf("%v in\n%s\n%s", err, r.out, r.err)
	}
	results = map[string]string{}
	for _, t := range d.Targets {
		results[t.Target] = t.Result
	}
	return d, results
}

// The life of a fleet, from a plan to nothing: each target is a stack in its own account, with a state of its own.
func TestFleet(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", "s3://example-states/fleet"} {
		t.Run("state at "+place, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				settings, targets := fleetOf(3, "")
				w := newWorld(t, sandbox.Options{}, settings)
				at := place
				if at == "" {
					at = filepath.Join(w.dir, "web.json")
				} else {
					w.must(ending.Done, w.run("state", "init", at))
				}
				run := func(code int, args ...string) result {
					return w.must(code, w.run(append(args, "--state", at)...))
				}
				run(ending.Changes, "plan", "--detailed-exitcode")
				run(ending.Done, "check")
				d, results := w.fleetDocument(run(ending.Done, "up", "--yes", "-o", "json"))
				if diff := cmp.Diff(map[string]string{targets[0]: "done", targets[1]: "done", targets[2]: "done"}, results); diff != "" {
					t.Error(diff)
				}
				for i, target := range d.Targets {
					if target.Account != accountOf(i) || len(target.Document.Regions) != 2 || w.vpcs(i) != 1 {
						t.Errorf("%s: %+v, with %d VPCs", targets[i], target, w.vpcs(i))
					}
				}
				run(ending.Done, "plan", "--detailed-exitcode")
				out := run(ending.Done, "status").out
				for _, part := range []string{"team-00: done", "team-02: done", "3 of 3 targets are done."} {
					if !strings.Contains(out, part) {
						t.Errorf("status does not say %q:\n%s", part, out)
					}
				}
				run(ending.Done, "down", "--yes", "--targets", "team-01")
				if got := []int{w.vpcs(0), w.vpcs(1), w.vpcs(2)}; !slices.Equal(got, []int{1, 0, 1}) {
					t.Errorf("after a down of team-01 there are %v VPCs", got)
				}
				run(ending.Done, "down", "--yes")
				if got := w.vpcs(0) + w.vpcs(1) + w.vpcs(2); got != 0 {
					t.Errorf("%d VPCs are left", got)
				}
				run(ending.Usage, "state", "list")
				run(ending.Usage, "plan", "--out", "plan.json")
			})
		})
	}
}

// A target that can't be worked on stops no other, and the exit code says that some are done.
func TestFleetWithAFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		settings, _ := fleetOf(3, "")
		guard := fmt.Sprintf("guard: {accounts: [%q, %q, %q]}\n", accountOf(0), accountOf(1), accountOf(2))
		w := newWorld(t, sandbox.Options{}, guard+settings+"  stray: {}\n") // it has no account, and so is the runner's own
		r := w.must(ending.Partial, w.run("up", "--yes"))
		w.says(r, "provision: stray: the credentials are", "only account")
		if !strings.Contains(r.out, "3 of 4 targets are done.") || !strings.Contains(r.out, "stray: refused") {
			t.Errorf("got\n%s", r.out)
		}
		w.must(ending.Refused, w.run("up", "--yes", "--targets", "stray"))
		w.must(ending.Refused, w.run("plan", "--targets", "stray,team-01")) // where nothing is done, the failures' own code
	})
}

// Nothing is created before the user has confirmed all of it, once.
func TestFleetAsksOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		settings, _ := fleetOf(2, "")
		w := newWorld(t, sandbox.Options{}, settings)
		answer := func(text string) runner {
			return runner{client: w.box, key: sandbox.DefaultAccount, answer: text}
		}
		w.says(w.must(ending.Declined, answer("no\n").run(w, "up")), "these 2 targets", "team-00, team-01")
		if made := w.mutations(); len(made) > 0 {
			t.Errorf("calls though it was declined: %v", made)
		}
		w.must(ending.Done, answer("yes\n").run(w, "up"))
		w.says(w.must(ending.Declined, answer("yes\n").run(w, "down")), "Type the stack's name")
		w.must(ending.Done, answer("web\n").run(w, "down"))
	})
}

func TestFleetUsage(t *testing.T) {
	settings, _ := fleetOf(4, "")
	w := newWorld(t, sandbox.Options{}, settings)
	for _, test := range []struct{ args, index, says string }{
		{"plan --targets team-1", "", `did you mean "team-01"?`},
		{"plan --shard 5/4", "", "write 2/4 for the second of four"},
		{"plan --shards 4", "", "Pass --shard 1/4"},
		{"plan --shards 4", "4", "counted from 0"},
		{"plan", "1", "set PROVISION_SHARDS"},
		{"plan --shard 1/4 --shards 5", "", "not one of the 5"},
		{"plan --regions sa-east-1", "", "no target is in any of the regions"},
		{"status --watch", "", "--watch works on one target"},
		{"connect", "", "choose it with --targets team-00"},
		{"config show --targets x", "", "unknown target"},
	} {
		t.Setenv(jobIndex, test.index)
		w.says(w.must(ending.Usage, w.run(strings.Fields(test.args)...)), test.says)
	}
	t.Setenv(jobIndex, "")
	w.settings(smallStack)
	w.says(w.must(ending.Usage, w.run("plan", "--shard", "1/2", "--regions", "eu-west-1")), "settings that have `targets:`")
}

// The shares of an Indexed Job's pods are all of the fleet.
func TestFleetOfAJob(t *testing.T) {
	settings, targets := fleetOf(5, "")
	w := newWorld(t, sandbox.Options{}, settings)
	var all []string
	for i := range 2 {
		t.Setenv(jobIndex, fmt.Sprint(i))
		d, _ := w.fleetDocument(w.must(ending.Done, w.run("plan", "--shards", "2", "-o", "json")))
		for _, target := range d.Targets {
			all = append(all, target.Target)
		}
	}
	slices.Sort(all)
	if diff := cmp.Diff(targets, all); diff != "" {
		t.Error(diff)
	}
}

// A saved plan remembers the target that it is for.
func TestSavedPlanOfATarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		settings, _ := fleetOf(2, "")
		w := newWorld(t, sandbox.Options{}, settings)
		file := filepath.Join(w.dir, "team-01.plan")
		bare := runner{client: w.box, key: sandbox.DefaultAccount, bare: true}
		at := []string{"--file", filepath.Join(w.dir, "provision.yaml")}
		w.must(ending.Done, bare.run(w, append(at, "plan", "--targets", "team-01", "--out", file)...))
		w.must(ending.Done, bare.run(w, append(at, "up", file)...))
		if w.vpcs(0) != 0 || w.vpcs(1) != 1 {
			t.Errorf("there are %d and %d VPCs", w.vpcs(0), w.vpcs(1))
		}
	})
}

// Runners share a fleet, and one of them dies: another one takes its share over when its lease has ended.
func TestFleetOutlivesARunner(t *testing.T) {
	t.Parallel()
	for _, calls := range []int{30, 120, 300} {
		t.Run(fmt.Sprintf("dead after %d calls", calls), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				settings, targets := fleetOf(9, "")
				w := newWorld(t, sandbox.Options{Latency: latency}, settings)
				w.must(ending.Done, w.run("state", "init", "s3://example-states"))
				up := func(i int) []string {
					return []string{"up", "--yes", "--state", inS3, "--shard", fmt.Sprintf("%d/3", i), "--max-concurrent-targets", "2", "-o", "json"}
				}
				dead, gone := newLine(w.box, calls), make(chan result)
				go func() { gone <- runner{client: dead, key: sandbox.DefaultAccount}.run(w, up(3)...) }()
				var runners sync.WaitGroup
				results := make([]result, 2)
				for i := range results {
					runners.Go(func() { results[i] = w.run(up(i + 1)...) })
				}
				runners.Wait()
				if r := <-gone; r.code == ending.Done {
					t.Errorf("the dead run succeeded: %+v", r)
				}
				var taken []string
				for _, r := range results {
					d, _ := w.fleetDocument(w.must(ending.Done, r))
					for _, target := range d.Targets {
						if target.TakenOver {
							taken = append(taken, target.Target)
						}
					}
				}
				slices.Sort(taken)
				if diff := cmp.Diff(fleet.Shard{Index: 3, Count: 3}.Of(targets), taken); diff != "" {
					t.Errorf("taken over (-the dead runner's +got):\n%s", diff)
				}
				w.must(ending.Done, w.run("plan", "--state", inS3, "--detailed-exitcode"))
				for i := range targets {
					if got := w.vpcs(i); got != 1 {
						t.Errorf("%s has %d VPCs", targets[i], got)
					}
				}
			})
		})
	}
}

// The run returns to a target that another run had locked when the others are done.
func TestFleetComesBackToALockedTarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		settings, _ := fleetOf(3, "")
		w := newWorld(t, sandbox.Options{Latency: latency}, settings)
		w.must(ending.Done, w.run("state", "init", "s3://example-states"))
		first := make(chan result)
		go func() { first <- w.run("up", "--yes", "--state", inS3, "--targets", "team-01") }()
		time.Sleep(20 * time.Second)
		d, results := w.fleetDocument(w.must(ending.Done, w.run("up", "--yes", "--state", inS3, "-o", "json", "--lock-timeout", "30m")))
		if results["team-01"] != "done" || len(d.Targets) != 3 {
			t.Errorf("got %+v", d)
		}
		w.must(ending.Done, <-first)
		if got := w.vpcs(1); got != 1 {
			t.Errorf("there are %d VPCs", got)
		}
	})
}

// Progress says which target it is of: to people in front of each line, to programs in each document.
func TestFleetProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		settings, _ := fleetOf(2, "")
		w := newWorld(t, sandbox.Options{}, settings)
		w.says(w.must(ending.Done, w.run("up", "--yes", "--progress", "plain")), "team-00  ", "team-01  ", "eu-west-1      ready")
		seen := map[string]int{}
		for line := range strings.Lines(w.must(ending.Done, w.run("down", "--yes", "--progress", "json")).err) {
			var record struct{ Target, Type string }
			if json.Unmarshal([]byte(line), &record) == nil {
				seen[record.Target+" "+record.Type]++
			}
		}
		for _, want := range []string{"team-00 start", "team-00 end", "team-01 start", "team-01 end"} {
			if seen[want] != 1 {
				t.Errorf("%d of %q in %v", seen[want], want, seen)
			}
		}
	})
}
