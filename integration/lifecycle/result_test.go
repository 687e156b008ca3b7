package lifecycle

import (
	"strings"
	"testing"

	"provision/integration/proxy"
)

// result is how a run of the program ended.
type result struct {
	t             *testing.T
	command       string
	code          int
	out, problems string      // stdout and stderr
	calls         proxy.Calls // that reached the proxy during the run
}

// ends requires an exit code.
func (r result) ends(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("provision %s: exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", r.command, r.code, code, r.out, r.problems)
	}
	return r
}

// shows requires texts on stdout.
func (r result) shows(texts ...string) result {
	r.t.Helper()
	r.has("stdout", r.out, texts)
	return r
}

// says requires texts on stderr.
func (r result) says(texts ...string) result {
	r.t.Helper()
	r.has("stderr", r.problems, texts)
	return r
}

func (r result) has(stream, content string, texts []string) {
	r.t.Helper()
	for _, text := range texts {
		if !strings.Contains(content, text) {
			r.t.Errorf("provision %s: %s lacks %q:\n%s", r.command, stream, text, content)
		}
	}
}

// writesNothing requires that no call was made that could change something.
func (r result) writesNothing() result {
	r.t.Helper()
	if writes := r.calls.Mutating(); len(writes) > 0 {
		r.t.Errorf("provision %s: %d mutating calls, want none:\n%s", r.command, len(writes), writes)
	}
	return r
}
