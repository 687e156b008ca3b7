package docs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// block is a fenced block of a page.
type block struct {
	line int // of its fence, from 1
	info []string
	text string
}

// option is the value of NAME=VALUE in the info string.
func (b block) option(name string) (value string, ok bool) {
	for _, word := range b.info {
		if value, ok := strings.CutPrefix(word, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

func (b block) runs() bool { return len(b.info) > 1 && b.info[0] == "sh" && b.info[1] == "run" }

// exit is the code that the block's last line must end with.
func (b block) exit(t *testing.T) int {
	t.Helper()
	text, ok := b.option("exit")
	if !ok {
		return 0
	}
	code, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("line %d: exit=%s is no number", b.line, text)
	}
	return code
}

const fence = "```"

// blocks are the fenced blocks of a page; prose is the rest of it.
func blocks(page string) (found []block, prose string) {
	var rest strings.Builder
	var open *block
	number := 0
	for line := range strings.Lines(page) {
		number++
		info, fenced := strings.CutPrefix(strings.TrimSpace(line), fence)
		switch {
		case fenced && open == nil:
			open = &block{line: number, info: strings.Fields(info)}
		case fenced:
			found = append(found, *open)
			open = nil
		case open != nil:
			open.text += line
		default:
			rest.WriteString(line)
		}
	}
	return found, rest.String()
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pages are all that people read, by path from the root.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}
