package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

var (
	settingsBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	consoleBlock  = regexp.MustCompile("(?s)```console (\\w+)\n(.*?)```")
	commandLine   = regexp.MustCompile(`^\$ provision (.*?)(?:\s+# exit (\d+).*)?$`)
)

// words are a command's, as a shell takes them apart: quotes hold some together.
func words(line string) []string {
	var all []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			all = append(all, part)
			continue
		}
		all = append(all, strings.Fields(part)...)
	}
	return all
}

// Every command of docs/teams.md is run as the page says, by whom it says, with the exit code that it says.
func TestTeamsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/teams.md")
	if err != nil {
		t.Fatal(err)
	}
	settings := settingsBlock.FindSubmatch(page)
	if settings == nil {
		t.Fatal("the page has no settings")
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{EnforceIAM: true}, string(settings[1]))
		t.Chdir(w.dir)
		as := func(who string) runner {
			role, subject := "", ""
			switch who {
			case "administrator":
				return runner{client: w.box, key: sandbox.DefaultAccount, answer: "yes\n"}
			case "developer":
				role, subject = "provision-web-plan", "repo:example/web:pull_request"
			case "pipeline":
				role, subject = "provision-web-apply", "repo:example/web:environment:production"
			default:
				t.Fatalf("nobody is called %q", who)
			}
			r, err := w.workflow("arn:aws:iam::123456789012:role/"+role, subject)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		ran := 0
		for _, block := range consoleBlock.FindAllStringSubmatch(string(page), -1) {
			for line := range strings.Lines(block[2]) {
				found := commandLine.FindStringSubmatch(strings.TrimSpace(line))
				if found == nil {
					t.Fatalf("this is no command: %s", line)
				}
				want := 0
				if found[2] != "" {
					if want, err = strconv.Atoi(found[2]); err != nil {
						t.Fatal(err)
					}
				}
				process := as(block[1])
				process.bare = true
				got := process.run(w, words(found[1])...)
				if got.code != want {
					t.Fatalf("%s: %s\nexit code %d, want %d\n%s%s", block[1], found[1], got.code, want, got.out, got.err)
				}
				ran++
			}
		}
		if ran < 10 {
			t.Errorf("the page has %d commands only", ran)
		}
		if diff := cmp.Diff(map[string]int{}, w.things()); diff != "" {
			t.Errorf("left at the end of the page:\n%s", diff)
		}
	})
}
