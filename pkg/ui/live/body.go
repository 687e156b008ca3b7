package live

import (
	"fmt"
	"time"

	"provision/pkg/ui/paint"
)

// mostDetails is how many lines a region may have below its row.
const mostDetails = 6

// block is a region as it is shown: its row, and its details.
type block struct {
	row     string
	details []string
}

// body is the table, or the page of it that fits.
func (m *Model) body(width, room int, now time.Time) []string {
	columns := m.columns(width)
	blocks := make([]block, 0, len(m.regions))
	for _, r := range m.regions {
		b := block{row: columns.row(r, m.start, now)}
		if !m.brief {
			b.details = r.details(width, now)
		}
		blocks = append(blocks, b)
	}
	lines := []string{paint.Bold.Render(columns.titles())}
	first, last, each := m.paging(blocks, room-len(lines))
	for _, b := range blocks[first:last] {
		lines = append(lines, b.row)
		lines = append(lines, b.details[:min(len(b.details), each)]...)
	}
	if last-first < len(blocks) {
		lines = append(lines, paint.Faint.Render(fmt.Sprintf(" regions %d–%d of %d", first+1, last, len(blocks))))
	}
	return lines
}

// paging says which blocks are shown and how many details each may have: all blocks, as long as each can have one;
// else as many as fit with one, and a line that says so.
func (m *Model) paging(blocks []block, room int) (first, last, each int) {
	for each = mostDetails; each > 0; each-- {
		if height(blocks, each) <= room {
			return 0, len(blocks), each
		}
	}
	lines := 2
	if m.brief {
		lines = 1
	}
	if lines*len(blocks) <= room {
		return 0, len(blocks), lines - 1
	}
	first, last = m.window(max(1, (room-1)/lines))
	return first, last, lines - 1
}

func height(blocks []block, each int) int {
	lines := len(blocks)
	for _, b := range blocks {
		lines += min(each, len(b.details))
	}
	return lines
}

// window is the part of the regions that is shown if only so many fit. It starts where the user scrolled to.
func (m *Model) window(fit int) (first, last int) {
	n := len(m.regions)
	fit = min(fit, n)
	m.fit = fit
	m.page = max(0, min(m.page, n-fit))
	return m.page, m.page + fit
}

// Move moves the page by so many regions.
func (m *Model) Move(by int) { m.page = max(0, min(m.page+by, len(m.regions)-1)) }

// MovePages moves by as many regions as are shown.
func (m *Model) MovePages(by int) { m.Move(by * max(1, m.fit)) }

// ToggleDetails shows, or hides, what each region waits for.
func (m *Model) ToggleDetails() { m.brief = !m.brief }

// ToggleHelp shows, or hides, what the keys do.
func (m *Model) ToggleHelp() { m.help = !m.help }
