package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/integration/golden"
	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// failure is something that goes wrong for people, and how to make it happen.
type failure struct {
	name     string // of its block in docs/troubleshooting.md
	settings string // empty: smallStack
	options  sandbox.Options
	before   func(*world) // earlier runs; the faults start after it
	faults   []string
	as       func(*world) runner // nil: an identity with every permission
	command  string
}

// The page is the golden file: each of its blocks is what a run says that meets the failure. `go test ./cmd/provision
// -run TestFailures -update` writes the blocks.
const failurePage = "../../docs/troubleshooting.md"

// failureBlock is a comment with the failure's name, and the block that follows it.
var failureBlock = regexp.MustCompile("(?s)(<!-- failure: ([a-z0-9-]+) -->\n```text\n)(.*?)(```\n)")

// wayOut is a line of its own; the refusals of the guard name the setting, and a file that is missing how to make it.
var wayOut = regexp.MustCompile("\nnext: |guard\\.|`provision config init`")

func TestFailures(t *testing.T) {
	text, err := os.ReadFile(failurePage)
	if err != nil {
		t.Fatal(err)
	}
	page, written := string(text), map[string]string{}
	for _, block := range failureBlock.FindAllStringSubmatch(page, -1) {
		written[block[2]] = block[3]
	}
	said := map[string]string{}
	for _, f := range slices.Concat(awsFailures(), networkFailures(), ownFailures()) {
		synctest.Test(t, func(t *testing.T) { said[f.name] = f.happen(t) })
	}
	for _, f := range loginFailures() {
		t.Run(f.name, func(t *testing.T) { said[f.name] = f.happen(t) })
	}
	for name, text := range said {
		if !strings.Contains(text, "\nprovision: ") || !wayOut.MatchString(text) {
			t.Errorf("%s: no cause, or nothing to do next:\n%s", name, text)
		}
	}
	named := func(blocks map[string]string) []string { return slices.Sorted(maps.Keys(blocks)) }
	if diff := cmp.Diff(named(written), named(said)); diff != "" {
		t.Fatalf("%s has other blocks than there are failures here (-page +here):\n%s", failurePage, diff)
	}
	golden.File(t, failurePage, failureBlock.ReplaceAllStringFunc(page, func(block string) string {
		parts := failureBlock.FindStringSubmatch(block)
		return parts[1] + said[parts[2]] + parts[4]
	}))
}

// happen makes it happen, and returns the command, what the program said and its exit code.
func (f failure) happen(t *testing.T) string {
	settings := f.settings
	if settings == "" {
		settings = smallStack
	}
	w := newWorld(t, f.options, settings)
	t.Chdir(w.dir)
	if f.before != nil {
		f.before(w)
	}
	for _, text := range f.faults {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		w.box.AddFaults(fault)
	}
	as := w.runner()
	if f.as != nil {
		as = f.as(w)
	}
	r := as.run(w, strings.Fields(f.command)...)
	if r.code == ending.Done {
		t.Errorf("%s: nothing went wrong:\n%s%s", f.name, r.out, r.err)
	}
	return shown(f.command, r.code, r.err, w.dir)
}

// changing is what is another thing in every run.
var changing = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`\x1b\[[0-9;]*m`), ""},
	{regexp.MustCompile(`\b(vpc|igw|subnet|eni|nat|i|sg|rtb|ami|eipalloc|lt|vpce|sgr)-[0-9a-f]{8,}`), "$1-0123456789abcdef0"},
	{regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{26}\b`), "01JD3K8Q6ZB0C2W4M6N8P0R2T4"},
	{regexp.MustCompile(`, request [0-9a-zA-Z-]+\)`), ", request 4f6a…)"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "2026-11-24T03:04:05Z"},
	{regexp.MustCompile(`process \d+ on host [^,)]+(, user [^)]+)?`), "process 4711 on host laptop, user ada"},
	{regexp.MustCompile(`\(eu-west-1[abc]\)`), "(eu-west-1b)"},
	{regexp.MustCompile(`\(serial 0, now \d+\)`), "(serial 0, now 12)"},
	{regexp.MustCompile(`provision-web-\d+\.`), "provision-web-1234567890."},
	{regexp.MustCompile(`(sha256:[0-9a-f]{6})[0-9a-f]+`), "$1…"},
}

// shown is a run as the page shows it.
func shown(command string, code int, problems, dir string) string {
	text := strings.ReplaceAll(problems, dir+"/web.json", ".provision/web.json")
	text = strings.ReplaceAll(text, dir+"/", "")
	for _, c := range changing {
		text = c.pattern.ReplaceAllString(text, c.instead)
	}
	text = strings.TrimSpace(text)
	// A plan that was shown before the question is not what went wrong.
	if i := strings.Index(text, "provision: "); i > 0 {
		text = text[i:]
	}
	return fmt.Sprintf("$ provision %s\n%s\n(exit code %d)\n", command, text, code)
}
