package terminal

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Redraw writes a text in the place of all that the screen shows.
func (t Terminal) Redraw(text string, width, height int) error {
	_, err := fmt.Fprint(t.Out, ansi.EraseEntireScreen+ansi.CursorHomePosition+clip(text, width, height-1)+"\n")
	return err
}

// clip cuts a text to the screen, and says so.
func clip(text string, width, height int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, width, "…")
	}
	if hidden := len(lines) - height + 1; hidden > 1 && height > 1 {
		lines = append(lines[:height-1], fmt.Sprintf("… %d more lines", hidden))
	}
	return strings.Join(lines, "\n")
}
