package live

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/ui/paint"
)

// Render is the model at a time, in at most height lines of at most width columns.
func (m *Model) Render(width, height int, now time.Time) string {
	top := []string{m.header(width, now), ""}
	bottom := m.footer(width)
	room := height - len(top) - len(bottom)
	body := helpText
	if !m.help {
		body = m.body(width, room, now)
	}
	lines := slices.Concat(top, body[:min(len(body), max(0, room))], bottom)
	lines = lines[:min(len(lines), height)]
	for i, line := range lines {
		lines[i] = strings.TrimRight(ansi.Truncate(line, width, "…"), " ")
	}
	return strings.Join(lines, "\n")
}

// header says what runs, for how long, and until when.
func (m *Model) header(width int, now time.Time) string {
	parts := []string{paint.Bold.Render("provision " + m.run.Command), m.regionCount(), m.run.Stack}
	if m.run.Note != "" {
		parts = append(parts, paint.Faint.Render(m.run.Note))
	}
	right := paint.Clock(now.Sub(m.start))
	if rest := m.left(now); rest > 0 {
		right = fmt.Sprintf("%s, about %s left", paint.Clock(now.Sub(m.start)), paint.Clock(rest))
	}
	for ; ; parts = parts[:len(parts)-1] {
		left := " " + strings.Join(parts, " · ")
		if len(parts) == 1 || ansi.StringWidth(left)+ansi.StringWidth(right) < width-1 {
			return spread(left, right, width-1)
		}
	}
}

// regionCount says how many regions there are, and how many have ended.
func (m *Model) regionCount() string {
	all, by := m.tally()
	text := fmt.Sprintf("%d regions", all)
	if all == 1 {
		text = "1 region"
	}
	if n := by[done]; n > 0 {
		text = fmt.Sprintf("%d of %s %s", n, text, m.run.finished())
	}
	if n := by[failed]; n > 0 {
		text += ", " + paint.Bad.Render(fmt.Sprintf("%d failed", n))
	}
	if n := by[blocked]; n > 0 {
		text += ", " + paint.Warning.Render(fmt.Sprintf("%d not started", n))
	}
	return text
}

// finished is what a region is called that is done.
func (r Run) finished() string {
	if r.Command == "down" {
		return "gone"
	}
	return "ready"
}

func (m *Model) footer(width int) []string {
	var lines []string
	if m.notice != "" {
		lines = append(lines, " "+paint.Warning.Render(m.notice))
	}
	calls := " " + m.calls.String()
	if m.calls.Throttled > 0 {
		calls += ", " + paint.Warning.Render(fmt.Sprintf("%d throttled", m.calls.Throttled))
	}
	return append(lines, "", spread(calls, paint.Faint.Render("q stop  d details  ? help"), width-1))
}

// spread puts one text to the left and one to the right; where both do not fit, the left one stays.
func spread(left, right string, width int) string {
	gap := width - ansi.StringWidth(left) - ansi.StringWidth(right)
	if gap < 1 {
		return left
	}
	return left + strings.Repeat(" ", gap) + right
}

var helpText = []string{
	" A stage shows how much of its usual time is behind it, then when it was done.",
	" LEFT is what is still to come, by what AWS usually takes.",
	"",
	" q, Ctrl-C     stop: calls in flight end and are recorded, and the next run",
	"               resumes there; again quits immediately",
	" ↑ ↓ PgUp PgDn other regions, where not all fit",
	" d             one line a region, or what each waits for",
	" ?             back",
}
