package mutants

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

// Each function that docs/reliability.md names for a promise exists, and so does the promise.
func TestPromisesAreMadeAndKeptByWhatIsThere(t *testing.T) {
	promises, err := ReadPromises(filepath.Join(root, "docs/reliability.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, promise := range promises {
		text, err := os.ReadFile(filepath.Join(root, promise.Document))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(oneSpace(string(text)), promise.Words) {
			t.Errorf("%s does not promise “%s”", promise.Document, promise.Words)
		}
		listed[promise.Words] = true
		for _, kept := range promise.Kept {
			if !functions(t, kept.File)[kept.Func] {
				t.Errorf("%s has no function %s, which keeps “%s”", kept.File, kept.Func, promise.Words)
			}
		}
	}
	for _, promise := range neverDoes(t) {
		if !listed[promise] {
			t.Errorf("docs/reliability.md does not say what keeps “%s” of README.md", promise)
		}
	}
}

// A package can be tried alone, by any of the ways to write its folder; one that keeps no promise is no success.
func TestPromisesOfAPackage(t *testing.T) {
	promises := []Promise{
		{Kept: []Place{{"pkg/b/one.go", "One"}, {"pkg/a/two.go", "Two"}}}, {Kept: []Place{{"pkg/b/one.go", "Other"}, {"pkg/c/c.go", "C"}}},
	}
	a := Target{"pkg/a", map[string][]string{"two.go": {"Two"}}}
	b := Target{"pkg/b", map[string][]string{"one.go": {"One", "Other"}}}
	c := Target{"pkg/c", map[string][]string{"c.go": {"C"}}}
	for _, try := range []struct {
		packages []string
		want     []Target
		says     string
	}{
		{nil, []Target{a, b, c}, ""},
		{[]string{"pkg/b"}, []Target{b}, ""},
		{[]string{"./pkg/c/", "pkg/a"}, []Target{c, a}, ""},
		{[]string{"pkg/a", "pkg/d"}, nil, "pkg/d keeps no promise; those that do are pkg/a, pkg/b, pkg/c"},
	} {
		got, err := TargetsIn(try.packages, promises)
		if diff := cmp.Diff(try.want, got); diff != "" || (err == nil) != (try.says == "") || err != nil && err.Error() != try.says {
			t.Errorf("%q: %v, %s", try.packages, err, diff)
		}
	}
}

// neverDoes are the promises of README.md's list, by their first words, which are bold.
func neverDoes(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, found := strings.Cut(string(text), "\n## What it never does\n")
	if !found {
		t.Fatal("README.md has no list of what it never does")
	}
	list, _, _ = strings.Cut(list, "\n## ")
	var promises []string
	for line := range strings.SplitSeq(list, "\n") {
		if bold, ok := strings.CutPrefix(line, "- **"); ok {
			words, _, _ := strings.Cut(bold, "**")
			promises = append(promises, words)
		}
	}
	return promises
}

func functions(t *testing.T, file string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return nil
	}
	names := map[string]bool{}
	for _, declaration := range parsed.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			names[FuncName(function)] = true
		}
	}
	return names
}

func oneSpace(text string) string { return strings.Join(strings.Fields(text), " ") }
