package lifecycle

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Bad input is named with its place, and nothing is made of it.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	for _, c := range []struct {
		name, settings, flags string
		code                  int
		says                  []string
	}{
		{"unknown region", "", "--regions eu-west-9", usage, []string{`unknown region "eu-west-9"`, "eu-west-1"}},
		{"duplicate region", "", "--regions eu-west-1,eu-west-1", usage, []string{"eu-west-1 is listed twice"}},
		{"no region", "", "", usage, []string{"no region is set", "--regions"}},
		{"name too long", "", "--regions eu-west-1 --name abcdefghijklmnopqrstuv", usage, []string{"--name", "21"}},
		{"name with a capital", "", "--regions eu-west-1 --name Web", usage, []string{"--name", "Web"}},
		{"name with two hyphens", "", "--regions eu-west-1 --name a--b", usage, []string{"--name", "a--b"}},
		{"name that ends in a hyphen", "", "--regions eu-west-1 --name web-", usage, []string{"--name", "web-"}},
		{"malformed YAML", "regions: [eu-west-1\ntags: {\n", "", usage, []string{"provision.yaml:", " | ", "^"}},
		{"unknown field", "regions: [eu-west-1]\nnam: x\n", "", usage, []string{"provision.yaml:2:1", `"nam"`, "name", "^^^"}},
		{"min above max", "regions: [eu-west-1]\ndefaults:\n  compute: {min: 5, max: 4}\n", "", usage, []string{"provision.yaml:3:", "min", "max", "^"}},
		{"CIDR out of range", "regions: [eu-west-1]\noverrides:\n  eu-west-1: {network: {cidr: 8.8.0.0/16}}\n", "", usage, []string{"provision.yaml:3:", "8.8.0.0/16", "^"}},
		{"CIDR too small", "regions: [eu-west-1]\noverrides:\n  eu-west-1: {network: {cidr: 10.0.0.0/28}}\n", "", usage, []string{"provision.yaml:3:", "10.0.0.0/28", "^"}},
		{"unknown flag", "", "--region eu-west-1", usage, []string{"--region"}},
		{"no such file", "", "-f nowhere.yaml --regions eu-west-1", usage, []string{"nowhere.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := w.with(t)
			w.folder = t.TempDir()
			if c.settings != "" {
				w.settings(c.settings)
			}
			run := w.run(append([]string{"up", "--yes"}, strings.Fields(c.flags)...)...)
			run.ends(c.code).says(c.says...)
			if len(run.calls) > 0 {
				t.Errorf("calls were made:\n%s", run.calls)
			}
		})
	}
	w.isEmpty()
}

// A state that can't be kept, or read, is found out before anything is made that it would have to remember.
func TestStateCannotBeUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	for name, content := range map[string]string{"file": "", "empty.json": "", "broken.json": `{"schema": 1, "st`} {
		if err := os.WriteFile(filepath.Join(w.folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for path, says := range map[string]string{
		"file/web.json":         "not a directory",
		"empty.json":            "provision recover",
		"broken.json":           "provision recover",
		"/proc/folder/web.json": "--state", // where not even root can make a folder
	} {
		w.up("--state", path).ends(refused).says(path, says).writesNothing()
	}
	w.isEmpty()
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.environment = without(w.environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
	w.up().ends(failed).says("credentials", "next: ").writesNothing()
	w.isEmpty()
}

func TestUnreachableEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t, home)
	w.up("--endpoint-url", "http://127.0.0.1:1").ends(failed).says("127.0.0.1:1", "next: ", "--endpoint-url").writesNothing()
	w.isEmpty()
}

// A state leads to nothing in another account, so that it is not used there.
func TestStateOfAnotherAccount(t *testing.T) {
	t.Parallel()
	theirs := newWorld(t, home)
	theirs.up().ends(done)
	there := theirs.list()

	w := newWorld(t, home)
	w.folder = theirs.folder
	for _, command := range []func(...string) result{w.up, w.plan, w.down} {
		command().ends(refused).says(theirs.account, w.account).writesNothing()
	}
	w.isEmpty()
	theirs.isStill(there)
}

func without(environment []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return slices.Contains(names, name)
	})
}
