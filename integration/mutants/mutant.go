package mutants

import (
	"fmt"
	"go/token"
	"strings"
)

// Mutant is one small change of the program.
type Mutant struct {
	Number int    // what the switch is set to
	File   string // relative to the module's root, such as pkg/stack/removing.go
	Line   int
	Func   string // such as gone, or removal.ours for a method
	Change Change
	Text   string // what is changed, on one line
}

// Change is what a mutant does to the text.
type Change string

// The kinds of mutants.
const (
	Never    Change = "never true"
	Always   Change = "always true"
	Opposite Change = "the opposite is returned"
	Drop     Change = "dropped"
	Swallow  Change = "returns no error"
	Cut      Change = "ends with the caller's context"
	OffByOne Change = "compares off by one"
)

func (m Mutant) String() string {
	return fmt.Sprintf("%s:%d: %s: %s: %s", m.File, m.Line, m.Func, m.Change, m.Text)
}

// key is what a mutant keeps when lines move.
func (m Mutant) key() string {
	return strings.Join([]string{m.File, m.Func, string(m.Change), m.Text}, " | ")
}

// oneLine shortens what is changed to something that fits on a line.
func oneLine(source []byte, from, to token.Position) string {
	text := strings.Join(strings.Fields(string(source[from.Offset:to.Offset])), " ")
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:100]) + "…"
	}
	return strings.ReplaceAll(text, "|", "¦")
}
