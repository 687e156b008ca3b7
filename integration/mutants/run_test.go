package mutants

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A program of which the tests notice some changes and miss others.
var small = map[string]string{
	"go.mod": "module small\n\ngo 1.26.0\n",
	"door/door.go": `package door

import "context"

type Door struct{ owner, opened string }

func (d *Door) Open(who string, last int) error {
	if who != d.owner {
		return refused{}
	}
	if last < 3 && who != "" {
		d.opened = who
	}
	return nil
}

func Whole(ctx context.Context) bool { return context.WithoutCancel(ctx).Err() == nil }

func unseen(a []int) { a[0] = 1 }

type refused struct{}

func (refused) Error() string { return "refused" }
`,
	"door/door_test.go": `package door

import (
	"context"
	"testing"
)

func TestOpen(t *testing.T) {
	d := Door{owner: "a"}
	if d.Open("b", 1) == nil || d.Open("a", 1) != nil {
		t.Error("opens for another")
	}
}

func TestWhole(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if !Whole(ctx) {
		t.Error("cut")
	}
}
`,
}

// smallModule writes the program down.
func smallModule(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range small {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOFLAGS", "") // the flags of the user who runs this test: the small module is another
	return root
}

func TestWhatNoTestNoticesSurvives(t *testing.T) {
	root := smallModule(t)
	equivalent := map[string]string{
		"door/door.go | unseen | dropped | a[0] = 1":              "nothing calls it",
		"door/door.go | Door.Open | always true | who != nothing": "no such mutant",
	}
	result, err := Run(t.Context(), Target{Package: "door"}, Options{Root: root, Workers: 2, Equivalent: equivalent})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, survivor := range result.Survivors {
		got = append(got, survivor.String())
	}
	slices.Sort(got)
	want := []string{
		`door/door.go:11: Door.Open: always true: last < 3`,
		`door/door.go:11: Door.Open: always true: last < 3 && who != ""`,
		`door/door.go:11: Door.Open: always true: who != ""`,
		`door/door.go:11: Door.Open: compares off by one: last < 3`,
		`door/door.go:11: Door.Open: never true: last < 3 && who != ""`,
		`door/door.go:12: Door.Open: dropped: d.opened = who`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("survivors (-want +got):\n%s", diff)
	}
	// The owner's check forced either way, its error, the context, and what Whole returns.
	if result.Killed != 5 || result.Equivalent != 1 {
		t.Errorf("%d killed and %d equivalent, want 5 and 1; %v", result.Killed, result.Equivalent, result.Mutants)
	}
	stale := Stale([]Result{result, {Target: Target{"door", map[string][]string{"door.go": {"Whole"}}}}}, equivalent)
	if diff := cmp.Diff([]string{"door/door.go | Door.Open | always true | who != nothing"}, stale); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
}

// Only the tests that were chosen are asked: what another would notice survives, and a pattern of no test is an error.
func TestChosenTestsAreAsked(t *testing.T) {
	root := smallModule(t)
	target := Target{"door", map[string][]string{"door.go": {"Whole"}}}
	for _, c := range []struct {
		tests             string
		killed, survivors int
	}{{"Whole", 2, 0}, {"", 2, 0}, {"^TestOpen$", 0, 2}} {
		result, err := Run(t.Context(), target, Options{Root: root, Tests: c.tests})
		if err != nil || result.Killed != c.killed || len(result.Survivors) != c.survivors {
			t.Errorf("%q kills %d and leaves %v, %v", c.tests, result.Killed, result.Survivors, err)
		}
	}
	if _, err := Run(t.Context(), target, Options{Root: root, Tests: "Window"}); err == nil || !strings.Contains(err.Error(), "Window") {
		t.Errorf("no test is asked: %v", err)
	}
}
