package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// numbered are lines from 1 to n, of which one is another.
func numbered(n, other int, text string) string {
	var lines strings.Builder
	for i := 1; i <= n; i++ {
		if i == other {
			fmt.Fprintln(&lines, text)
		} else {
			fmt.Fprintf(&lines, "line %d\n", i)
		}
	}
	return lines.String()
}

// Of a long file only what differs is shown, with the lines around it and the command.
func TestAMismatchShowsWhatDiffersAndTheCommand(t *testing.T) {
	path := filepath.Join("testdata", "numbers.txt")
	err := Compare(path, numbered(1000, 500, "before"), numbered(1000, 500, "after"), Command(t))
	want := `integration/golden/testdata/numbers.txt differs from what the test got:
--- integration/golden/testdata/numbers.txt
+++ what the test got
@@ -497,7 +497,7 @@
 line 497
 line 498
 line 499
-before
+after
 line 501
 line 502
 line 503

to write it again: go test ./integration/golden -run '^TestAMismatchShowsWhatDiffersAndTheCommand$' -update`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}

// A subtest is written by its test, and from the package's folder, whatever the test has changed to.
func TestTheCommandIsTheWholeTests(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("one of them", func(t *testing.T) {
		if want := "go test ./integration/golden -run '^TestTheCommandIsTheWholeTests$' -update"; Command(t) != want {
			t.Errorf("Command() = %q, want %q", Command(t), want)
		}
	})
}

func TestAFileIsComparedUnlessItIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept.txt")
	defer func(was bool) { *update = was }(*update)
	*update = false
	if err := Check(path, "new\n", "write"); err == nil || !strings.Contains(err.Error(), "+new\n") {
		t.Errorf("a file that is missing: %v, want what it lacks", err)
	}
	*update = true
	err := Check(path, "new\n", "write")
	if text, readErr := os.ReadFile(path); err != nil || readErr != nil || string(text) != "new\n" {
		t.Errorf("written: %q, %v, %v", text, err, readErr)
	}
	*update = false
	if err := Check(path, "new\n", "write"); err != nil {
		t.Error(err)
	}
	if err := Check(path, "newer\n", "write"); err == nil {
		t.Error("a file that differs is no error")
	}
}
