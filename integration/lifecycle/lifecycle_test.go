package lifecycle

import "testing"

// The whole life of a stack: made, as it was, as it was, removed.
func TestLifecycleInThreeRegions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "us-east-1", "eu-west-1", "ap-southeast-2")
	w.settings("tags: {team: platform}")

	planned := w.plan().ends(changes).writesNothing()
	for _, region := range w.regions {
		if got := len(planned.in(region).differences()); got != 29 {
			t.Errorf("%s: %d things are planned, want 29", region, got)
		}
	}
	w.isEmpty()

	made := w.up().ends(done)
	for _, region := range w.regions {
		made.made(region, 2)
	}
	w.isWhole()
	for _, region := range w.regions {
		if got, want := len(w.made().In(region).Of(interfaces)), 3+6+2; got != want {
			t.Errorf("%s: %d network interfaces, want those of NAT gateways, endpoints and instances, %d", region, got, want)
		}
		checkNetwork(w, region)
		checkCompute(w, region)
		checkTags(w, region)
	}
	w.plan().ends(done).writesNothing()
	w.up().ends(done).writesNothing()
	seen := w.status().ends(done).writesNothing()
	for _, region := range w.regions {
		for _, instance := range seen.in(region).Instances {
			if instance.Target != "healthy" {
				t.Errorf("%s: status says that an instance is %q", region, instance.Target)
			}
		}
	}

	w.down().ends(done)
	w.isEmpty()
	w.down("--regions", home).ends(done).writesNothing()
}

// The program's own count of one region's calls equals the proxy's.
func TestCallsOfOneRegion(t *testing.T) {
	t.Parallel()
	// Again are 20 in the region, one for the identity, and five for the profile and the role with its own policy.
	const most, mostAgain = 100, 26
	w := newWorld(t, home)

	first := w.up().ends(done)
	t.Logf("first up: %d calls, %d mutating\n%s", len(first.calls), len(first.calls.Mutating()), first.calls)
	if len(first.calls) > most {
		t.Errorf("the first up made %d calls, want at most %d", len(first.calls), most)
	}
	for name, again := range map[string]result{"up": w.up().ends(done), "plan": w.plan().ends(done)} {
		t.Logf("second %s: %d calls\n%s", name, len(again.calls), again.calls)
		if again.writesNothing(); len(again.calls) > mostAgain {
			t.Errorf("the second %s made %d calls, want at most %d:\n%s", name, len(again.calls), mostAgain, again.calls)
		}
	}
}

func TestDownAsksForTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up().ends(done)
	there := w.list()

	for _, answer := range []string{"wbe\n", "yes\n", ""} {
		w.answer(answer, "down").ends(declined).says("Type the stack's name").writesNothing()
	}
	w.isStill(there)

	w.answer("web\n", "down").ends(done)
	w.isEmpty()
}

func TestUpAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.answer("no\n", "up", "--regions", home).ends(declined).says("31 to create", "Apply this plan?").writesNothing()
	w.isEmpty()
}
