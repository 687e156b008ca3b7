package ui

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/ui/paint"
)

// table lines its columns up; cells may be coloured.
type table struct{ rows [][]string }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) head(cells ...string) {
	for i, cell := range cells {
		if cell != "" { // what is painted is not empty any more
			cells[i] = paint.Bold.Render(cell)
		}
	}
	t.add(cells...)
}

// widths are those of the columns.
func (t *table) widths() []int {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	return widths
}

// printFitting prints the last column below the others, behind the first one again, if the terminal is too narrow for
// it: what people copy from there must not be broken.
func (t *table) printFitting(w io.Writer) {
	width, room := 0, paint.Width(w)
	for _, column := range t.widths() {
		width += column + 2
	}
	if room == 0 || width-2 <= room {
		t.print(w, "")
		return
	}
	last := len(t.rows[0]) - 1
	left, below := &table{}, &table{}
	for i, row := range t.rows {
		left.add(row[:min(last, len(row))]...)
		if i > 0 && len(row) > last && row[last] != "" {
			below.add(row[0], row[last])
		}
	}
	left.print(w, "")
	if len(below.rows) > 0 {
		fmt.Fprintln(w)
		below.print(w, "")
	}
}

func (t *table) print(w io.Writer, indent string) {
	widths := t.widths()
	for _, row := range t.rows {
		var line strings.Builder
		line.WriteString(indent)
		last := len(row) - 1
		for last > 0 && row[last] == "" {
			last--
		}
		for i, cell := range row[:last+1] {
			if i == last {
				line.WriteString(cell)
			} else {
				line.WriteString(pad(cell, widths[i]+2))
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}
