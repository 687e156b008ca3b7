package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// workflow is of a workflow what makes it safe to run.
type workflow struct {
	Permissions any `yaml:"permissions"`
	Jobs        map[string]struct {
		Permissions any `yaml:"permissions"`
		Timeout     int `yaml:"timeout-minutes"`
		Steps       []struct {
			Uses string         `yaml:"uses"`
			Run  string         `yaml:"run"`
			With map[string]any `yaml:"with"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

var pinned = regexp.MustCompile(`^[a-z-]+/[a-z/-]+@[0-9a-f]{40}$`)

// Jobs with a token run only reviewed code: a tag can be moved, a commit can't. No text from outside is pasted into a
// script, no checkout leaves its token on the disk, no job has permissions that it does not list.
func TestWorkflowsAreSafe(t *testing.T) {
	ours, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Glob(filepath.Join(root, "examples/github-actions/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(ours) < 3 || len(examples) < 2 {
		t.Fatalf("there are %d workflows and %d examples of them", len(ours), len(examples))
	}
	for _, path := range append(ours, examples...) {
		t.Run(filepath.Base(path), func(t *testing.T) { checkWorkflow(t, path) })
	}
}

func checkWorkflow(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	for name, job := range w.Jobs {
		if w.Permissions == nil && job.Permissions == nil {
			t.Errorf("%s has whatever rights the repository gives", name)
		}
		if job.Timeout == 0 || len(job.Steps) == 0 {
			t.Errorf("%s has no end or no steps", name)
		}
		for _, step := range job.Steps {
			if step.Uses != "" && !pinned.MatchString(step.Uses) {
				t.Errorf("%s uses %s, which names no commit", name, step.Uses)
			}
			if strings.HasPrefix(step.Uses, "actions/checkout@") && step.With["persist-credentials"] != false {
				t.Errorf("%s leaves its token in the checkout", name)
			}
			if strings.Contains(step.Run, "${{") {
				t.Errorf("%s pastes an expression into a script:\n%s", name, step.Run)
			}
		}
	}
}

// A commit says nothing to people: the version stands behind it.
func TestPinnedActionsSayTheirVersion(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(root, "*/*/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	uses := regexp.MustCompile(`uses: .*@[0-9a-f]{40}(.*)`)
	version := regexp.MustCompile(`^ # v\d+\.\d+\.\d+$`)
	found := 0
	for _, path := range append(paths, filepath.Join(root, ".github/workflows/release.yml")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range uses.FindAllStringSubmatch(string(text), -1) {
			found++
			if !version.MatchString(match[1]) {
				t.Errorf("%s: %s", path, match[0])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d actions were found", found)
	}
}

// An artifact of another job is as trustworthy as every user who can push to its branch: it is unpacked where it
// replaces nothing. A release's files were built by its workflow: a checksum from the same release would prove nothing.
func TestExamplesTrustNoDownload(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(root, "examples/github-actions/*.yml"))
	if err != nil || len(paths) < 3 {
		t.Fatalf("%d examples, error %v", len(paths), err)
	}
	unpacked := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			t.Fatal(err)
		}
		for name, job := range w.Jobs {
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses, "actions/download-artifact@") {
					unpacked++
					if into, _ := step.With["path"].(string); !strings.HasPrefix(into, "${{ runner.temp }}/") {
						t.Errorf("%s: %s unpacks an artifact into %q, over the checkout", filepath.Base(path), name, into)
					}
				}
				fetched, proved := strings.Index(step.Run, "gh release download"), strings.Index(step.Run, "gh attestation verify")
				used := strings.Index(step.Run, "tar -x")
				if fetched >= 0 && (proved < fetched || used < proved || !strings.Contains(step.Run, "--signer-workflow")) {
					t.Errorf("%s: %s uses a release that it did not prove:\n%s", filepath.Base(path), name, step.Run)
				}
			}
		}
		if !strings.Contains(string(text), `paths: [provision.yaml, "*.sh"`) {
			t.Errorf("%s does not run when a script changes", filepath.Base(path))
		}
	}
	if unpacked == 0 {
		t.Error("no example fetches a plan")
	}
}

// One commit can be the head of two pull requests: the plan that is applied has the number and the base of the one that was
// merged in its name, and comes from a run of the plan's workflow.
func TestAppliedPlanIsOfTheMergedPullRequest(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, "examples/github-actions", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	plan, apply := read("plan.yml"), read("apply.yml")
	const pull = "github.event.pull_request."
	name := "name: plan-${{ " + pull + "number }}-${{ " + pull + "base.ref }}-${{ " + pull + "head.sha }}"
	if !strings.Contains(plan, name) {
		t.Error("the plan's name does not say which pull request it is of")
	}
	for _, check := range []string{
		"`plan-${pull.number}-${pull.base.ref}-${pull.head.sha}`", "of.head_repository_id !== of.repository_id",
		"run.path === '.github/workflows/plan.yml'", "run.event === 'pull_request'", "run.head_branch === pull.head.ref",
		"p.number !== pull.number || p.base.ref !== pull.base.ref",
	} {
		if !strings.Contains(apply, check) {
			t.Errorf("apply.yml does not check %s", check)
		}
	}
}
