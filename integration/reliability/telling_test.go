package reliability

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"provision/pkg/cloud"
	"provision/pkg/ending"
	"provision/pkg/graph"
)

// The exit codes of runs that something went wrong for. A person's mistakes and wishes have others.
var codesOfTrouble = []int{
	ending.Failed, ending.Partial, ending.Refused, ending.Locked, ending.Stale, ending.Unproven,
}

// mustTell checks how a run that failed ends, as the program reports it: with an exit code of the contract, each cause in
// a line, and a line of what to do next. No trace of Go is in them.
func mustTell(t testing.TB, err error) {
	t.Helper()
	causes := slices.DeleteFunc(ending.Causes(err), func(cause error) bool { return errors.Is(cause, graph.ErrStopped) })
	if len(causes) == 0 && errors.Is(err, graph.ErrStopped) {
		return // nothing went wrong: the program names the signal and advises to run it again
	}
	if code := ending.Code(err); !slices.Contains(codesOfTrouble, code) {
		t.Errorf("the exit code is %d, none of %v: %v", code, codesOfTrouble, err)
	}
	lines := []string{ending.Next(err)}
	for _, cause := range causes {
		lines = append(lines, cloud.Text(cause))
	}
	if len(causes) == 0 || lines[0] == "" {
		t.Errorf("%d causes, and the next step %q, of: %v", len(causes), lines[0], err)
	}
	for _, line := range lines {
		for _, trace := range []string{"\n", "goroutine ", "runtime error", "panic", ".go:", "0x", "%!", "<nil>"} {
			if strings.Contains(line, trace) {
				t.Errorf("a line for people has %q in it: %s", trace, line)
			}
		}
	}
}

// mustFail checks that err is, or wraps, an error of the type, and that it tells people what they need.
func mustFail[E error](t testing.TB, err error) E {
	t.Helper()
	as, ok := errors.AsType[E](err)
	if !ok {
		t.Fatalf("got %T: %v\nwant %T", err, err, as)
	}
	mustTell(t, err)
	return as
}
