package lifecycle

import "testing"

// The whole life of a stack: made, as it was, as it was, removed.
func TestLifecycleInThreeRegions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "us-east-1", "eu-west-1", "ap-southeast-2")
	w.settings("tags: {team: platform}")

	w.plan().ends(changes).shows("89 to make", "in 3 regions").writesNothing()
	w.isEmpty()

	made := w.up().ends(done)
	for _, region := range w.regions {
		made.shows("http://provision-web-1." + region + ".elb.amazonaws.com")
	}
	w.isWhole()
	for _, region := range w.regions {
		checkNetwork(w, region)
		checkCompute(w, region)
		checkTags(w, region)
	}
	w.plan().ends(done).writesNothing()
	w.up().ends(done).writesNothing()
	w.run("status", "--detailed-exitcode").ends(done).shows("as wanted", "target healthy").writesNothing()

	w.down().ends(done).shows("nothing is left")
	w.isEmpty()
	w.down("--regions", home).ends(done).writesNothing()
}

// What one region costs in calls. What the program says of it is what the proxy saw.
func TestCallsOfOneRegion(t *testing.T) {
	t.Parallel()
	const most, mostAgain = 100, 25
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
	w.answer("no\n", "up", "--regions", home).ends(declined).says("Plan: 31 to make", "Apply this plan?").writesNothing()
	w.isEmpty()
}
