package main

import (
	"bytes"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"provision/integration/golden"
	"provision/pkg/terminal"
)

var manPages = flag.String("man", "", "folder to write man pages to")

// The reference is what the commands say of themselves. `go test ./cmd/provision -run Reference -update` writes it,
// and with `-man FOLDER` man pages too, for releases.
func TestReferenceIsWhatTheCommandsSay(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	const folder = "../../docs/reference"
	want := map[string]string{}
	for _, cmd := range all(root) {
		want[strings.ReplaceAll(cmd.CommandPath(), " ", "_")+".md"] = pageOf(t, cmd)
	}
	if golden.Update() {
		writePages(t, folder, "provision*.md", want)
		return
	}
	pages := readPages(t, folder, "provision*.md")
	for _, name := range slices.Sorted(maps.Keys(want)) {
		golden.File(t, filepath.Join(folder, name), want[name])
		delete(pages, name)
	}
	for name := range pages {
		t.Errorf("%s is of no command; to remove it: %s", filepath.Join(folder, name), golden.Command(t))
	}
}

func TestManPagesReference(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	date := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	pages := map[string]string{}
	for _, cmd := range all(root) {
		var page bytes.Buffer
		if err := doc.GenMan(cmd, &doc.GenManHeader{Section: "1", Date: &date, Source: "provision"}, &page); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(page.String(), ".SH NAME\n"+strings.ReplaceAll(cmd.CommandPath(), " ", "-")+" - ") {
			t.Errorf("%s: its man page does not begin with its name:\n%s", cmd.CommandPath(), page.String())
		}
		pages[strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = page.String()
	}
	if *manPages != "" {
		writePages(t, *manPages, "provision*.1", pages)
	}
}

// pageOf is a command's page. The global flags are on the root's page alone.
func pageOf(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var page bytes.Buffer
	if err := doc.GenMarkdown(cmd, &page); err != nil {
		t.Fatal(err)
	}
	text, rest, inherits := strings.Cut(page.String(), "### Options inherited from parent commands\n")
	if inherits {
		_, rest, _ = strings.Cut(rest, "### SEE ALSO\n")
		text += "The [global flags](provision.md#options) hold here too.\n\n### SEE ALSO\n" + rest
	}
	return strings.TrimRight(text, "\n") + "\n"
}

// all is the command and what is below it, but for what is hidden.
func all(cmd *cobra.Command) []*cobra.Command {
	cmd.DisableAutoGenTag = true
	found := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			found = append(found, all(sub)...)
		}
	}
	return found
}

func readPages(t *testing.T, folder, pattern string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(path)] = string(text)
	}
	return pages
}

func writePages(t *testing.T, folder, pattern string, pages map[string]string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name := range readPages(t, folder, pattern) {
		if _, wanted := pages[name]; !wanted {
			if err := os.Remove(filepath.Join(folder, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Users first try to copy an example.
func TestEachCommandHasExamplesOfItself(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	ours := slices.DeleteFunc(all(root), func(cmd *cobra.Command) bool {
		return strings.Contains(cmd.CommandPath(), " completion") || cmd.Name() == "help" || cmd.HasSubCommands()
	})
	for _, cmd := range ours {
		if !strings.Contains(cmd.Example, cmd.CommandPath()) && !strings.Contains(cmd.Example, "provision") {
			t.Errorf("%s: no example", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example) {
			if strings.TrimRight(line, " \n") != "" && !strings.HasPrefix(line, "  ") {
				t.Errorf("%s: the example %q is not indented", cmd.CommandPath(), line)
			}
		}
	}
}
