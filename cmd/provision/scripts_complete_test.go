package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"provision/pkg/config"
	"provision/pkg/terminal"
)

// Every command, and every flag of it, is used in a script.
func TestScriptsUseEverything(t *testing.T) {
	root := newRoot(terminal.New(strings.NewReader(""), io.Discard, io.Discard, nil), &common{})
	lines := scriptLines(t)
	used := map[string]bool{} // "provision plan", "provision plan --out"
	for _, line := range lines {
		cmd := commandOf(root, line.words)
		used[cmd.CommandPath()] = true
		for _, word := range line.words {
			used[cmd.CommandPath()+" "+flagOf(cmd, word)] = true
			used[flagOf(cmd, word)] = true
		}
	}
	for _, cmd := range all(root) {
		if cmd.Runnable() && !used[cmd.CommandPath()] {
			t.Errorf("no script runs %q", cmd.CommandPath())
		}
		cmd.NonInheritedFlags().VisitAll(func(flag *pflag.Flag) {
			name := "--" + flag.Name
			global := (cmd == root || flag.Hidden) && used[name] // an alias that help does not show needs one use
			if flag.Name != "help" && !global && !used[cmd.CommandPath()+" "+name] {
				t.Errorf("no script uses %s of %q", name, cmd.CommandPath())
			}
		})
	}
}

// commandOf is the command that words of a script name.
func commandOf(root *cobra.Command, words []string) *cobra.Command {
	cmd := root
	for _, word := range words {
		at := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == word })
		if at < 0 {
			break
		}
		cmd = cmd.Commands()[at]
	}
	return cmd
}

// flagOf is the flag that a word sets, by its long name.
func flagOf(cmd *cobra.Command, word string) string {
	if name, long := strings.CutPrefix(word, "--"); long {
		name, _, _ = strings.Cut(name, "=")
		return "--" + name
	}
	if short, ok := strings.CutPrefix(word, "-"); ok && len(short) == 1 {
		for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.Root().PersistentFlags()} {
			if flag := set.ShorthandLookup(short); flag != nil {
				return "--" + flag.Name
			}
		}
	}
	return ""
}

// scriptLine is a run of the program: what is behind its name.
type scriptLine struct{ words []string }

// scriptLines are all runs of the scripts. A variable counts as a global flag that is typed.
func scriptLines(t *testing.T) []scriptLine {
	t.Helper()
	paths, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var all []scriptLine
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut(string(text), "\n-- ")
		for line := range strings.Lines(script) {
			words := strings.Fields(line)
			if at := slices.Index(words, "provision"); at >= 0 && at <= 2 {
				all = append(all, scriptLine{words[at+1:]})
			} else if len(words) > 0 && words[0] == "env" {
				all = append(all, scriptLine{variables(words[1:])})
			}
		}
	}
	return all
}

func variables(assignments []string) []string {
	var flags []string
	for _, assignment := range assignments {
		name, value, _ := strings.Cut(assignment, "=")
		if flag, ok := strings.CutPrefix(name, config.EnvName("")); ok && value != "" {
			flags = append(flags, "--"+strings.ReplaceAll(strings.ToLower(flag), "_", "-"))
		}
	}
	return flags
}
