package style

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// styleGuide names the phrases, so that it has them all.
const styleGuide = "docs/style.md"

// No message, help text, comment or page has a phrase of the table.
func TestPhrases(t *testing.T) {
	var found []string
	for _, s := range passages(t) {
		for _, p := range phrases {
			if at := p.find(s); at >= 0 {
				end := min(len(s.text), at+60)
				found = append(found, fmt.Sprintf("%s:%d: %s: “%s”; write: %s", s.path, s.line(at), p.name, strings.TrimSpace(s.text[at:end]), p.instead))
			}
		}
	}
	if len(found) > 0 {
		t.Errorf("phrases that %s avoids (exceptions go into integration/style/phrases.go): %d\n%s",
			styleGuide, len(found), strings.Join(found, "\n"))
	}
}

// Each phrase is found in its example, in every part of a file and across a line's end.
func TestPhrasesAreFound(t *testing.T) {
	for _, p := range phrases {
		words := strings.Fields(p.example)
		apart := strings.Join(words, "\n// ")
		inComment, err := source("a.go", "package a\n\n// "+apart+"\nvar a = 1\n")
		if err != nil {
			t.Fatal(err)
		}
		inString, err := source("a.go", fmt.Sprintf("package a\n\nvar a = %q\n", p.example))
		if err != nil {
			t.Fatal(err)
		}
		for name, all := range map[string][]passage{
			"comment": inComment, "string": inString, "page": markdown("a.md", "# Title\n\n"+strings.Join(words, "\n")+"\n"),
		} {
			if len(all) != 1 || p.find(all[0]) < 0 {
				t.Errorf("%s: not found in a %s of %q: %+v", p.name, name, p.example, all)
			}
		}
	}
}

// Code, headings, directives, tags of fields and the names that comments document are no prose.
func TestCodeIsNoProse(t *testing.T) {
	text := "package a\n\nimport _ \"begin\"\n\n// begin is a name.\nvar begin = 1\n\n//go:generate begin\ntype a struct {\n\tb int `json:\"begin\"`\n}\n"
	all, err := source("a.go", text)
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, markdown("a.md", "## What begins\n\nRun `begin`:\n\n```sh\nbegin\n```\n")...)
	for _, s := range all {
		for _, p := range phrases {
			if at := p.find(s); at >= 0 {
				t.Errorf("%s:%d: %s in %q", s.path, s.line(at), p.name, s.text)
			}
		}
	}
}

// A phrase is reported at its own line.
func TestTheLineIsThatOfThePhrase(t *testing.T) {
	all := markdown("a.md", "# Title\n\nFirst line,\nsecond one,\nthe third begins here.\n\nAnother paragraph.\n")
	if len(all) != 2 {
		t.Fatalf("%d paragraphs, want 2", len(all))
	}
	if got := all[0].line(strings.Index(all[0].text, "begins")); got != 5 {
		t.Errorf("line %d, want 5", got)
	}
}

// An exception that no passage needs is out of date.
func TestExceptionsAreNeeded(t *testing.T) {
	all := passages(t)
	for _, p := range phrases {
		for _, e := range p.except {
			if e.why == "" {
				t.Errorf("%s: the exception in %s has no reason", p.name, e.path)
			}
			used := false
			for _, s := range all {
				used = used || e.covers(s) && p.pattern.MatchString(s.text)
			}
			if !used {
				t.Errorf("%s: nothing in %s needs the exception", p.name, e.path)
			}
		}
	}
}

// The table of docs/style.md names each phrase.
func TestTheStyleGuideNamesEachPhrase(t *testing.T) {
	guide := read(t, styleGuide)
	for _, p := range phrases {
		if !strings.Contains(guide, "| "+p.name+" |") {
			t.Errorf("%s has no row for “%s”", styleGuide, p.name)
		}
	}
}

// passages are the strings of cmd and pkg, the comments of all code, both without tests, and every page but the style
// guide.
func passages(t *testing.T) []passage {
	t.Helper()
	var all []passage
	for _, folder := range []string{"cmd", "pkg", "integration", "tools", "docs"} {
		for _, path := range files(t, folder, ".go") {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			found, err := source(path, read(t, path))
			if err != nil {
				t.Fatal(err)
			}
			shown := folder == "cmd" || folder == "pkg"
			all = append(all, slices.DeleteFunc(found, func(s passage) bool { return s.in == literal && !shown })...)
		}
	}
	for _, path := range append(files(t, "docs", ".md"), "README.md", "CONTRIBUTING.md", "SECURITY.md") {
		if path != styleGuide {
			all = append(all, markdown(path, read(t, path))...)
		}
	}
	if len(all) < 1000 {
		t.Fatalf("only %d passages", len(all))
	}
	return all
}

// files are those below a folder with this ending, from the root.
func files(t *testing.T, folder, ending string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ending) {
			path, err = filepath.Rel(root, path)
			all = append(all, filepath.ToSlash(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
