// Command report writes the tables and the plot of docs/performance.md from what the tests of integration/performance
// measured. Run it from the root of the repository, as `make bench` does.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"provision/integration/performance"
)

const (
	page     = "docs/performance.md"
	picture  = "docs/performance.svg"
	measured = "integration/performance/testdata"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run() error {
	var counts map[string]performance.Counts
	var lives []performance.Life
	var machine performance.Machine
	err := errors.Join(
		read(performance.CountsFile, &counts), read(performance.LivesFile, &lives), read(performance.MachineFile, &machine),
	)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	out := string(text)
	for name, content := range map[string]string{
		"counts": countTable(counts), "lives": lifeTable(lives), "machine": machineTable(machine),
	} {
		if out, err = replace(out, name, content); err != nil {
			return err
		}
	}
	return errors.Join(os.WriteFile(page, []byte(out), 0o644), os.WriteFile(picture, []byte(plot(lives)), 0o644))
}

func read(name string, into any) error {
	text, err := os.ReadFile(filepath.Join(measured, name))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// replace puts content between the comments that mark its place.
func replace(text, name, content string) (string, error) {
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(text, begin)
	if !ok {
		return "", fmt.Errorf("%s has no place for %s", page, name)
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("%s has no end for %s", page, name)
	}
	return before + begin + content + end + after, nil
}
