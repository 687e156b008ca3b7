package live

import (
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"provision/pkg/ui/paint"
)

const (
	gap        = 2
	barWidth   = 7
	leftTitle  = "LEFT"
	leftWidth  = 9
	regionName = "REGION"
)

// columns is how wide the columns are. On a narrow terminal the stages are one bar.
type columns struct {
	region int
	stages []stage
	narrow bool
}

func (m *Model) columns(width int) columns {
	c := columns{region: len(regionName), stages: m.run.stages()}
	for _, r := range m.regions {
		c.region = max(c.region, len(r.name))
	}
	c.narrow = c.width() > width
	return c
}

func (c columns) width() int {
	width := 1 + c.region + gap + leftWidth
	for _, s := range c.stages {
		width += stageWidth(s)
	}
	return width
}

func stageWidth(s stage) int { return max(barWidth, len(s.title)) + gap }

func (c columns) titles() string {
	var line strings.Builder
	line.WriteString(" " + pad(regionName, c.region+gap))
	for _, s := range c.stages {
		if !c.narrow {
			line.WriteString(pad(s.title, stageWidth(s)))
		}
	}
	if c.narrow {
		line.WriteString(pad("", barWidth+gap))
	}
	return line.String() + leftTitle
}

func (c columns) row(r *region, start, now time.Time) string {
	var line strings.Builder
	line.WriteString(" " + pad(r.name, c.region+gap))
	for _, p := range r.stages {
		if !c.narrow {
			line.WriteString(pad(r.cell(p, start, now), stageWidth(p.stage)))
		}
	}
	if c.narrow {
		line.WriteString(pad(bar(share(r.tasks, now)), barWidth+gap))
	}
	return line.String() + r.rest(now)
}

// rest is what is left, or how the region ended.
func (r *region) rest(now time.Time) string {
	switch {
	case r.status == failed:
		return paint.Bad.Render(paint.MarkBad + " failed")
	case r.status == blocked:
		return paint.Warning.Render(paint.MarkBlocked + " not run")
	case r.status == done:
		return paint.Good.Render(paint.MarkGood + " done")
	case r.left(now) > 0:
		return paint.Clock(r.left(now))
	}
	return ""
}

// cell is a bar while there is something to do, then when it was done.
func (r *region) cell(p *progress, start, now time.Time) string {
	var last time.Time
	counts := map[status]int{}
	for _, t := range p.tasks {
		counts[t.status]++
		if t.finished.After(last) {
			last = t.finished
		}
	}
	switch n := len(p.tasks); {
	case n == 0 || r.status > done && counts[ahead] == n:
		return ""
	case counts[failed] > 0:
		return paint.Bad.Render(paint.MarkBad + " failed")
	case counts[done] == n && last.IsZero():
		return paint.Faint.Render(paint.MarkGood)
	case counts[done] == n:
		return paint.Good.Render(paint.MarkGood) + " " + paint.Clock(last.Sub(start))
	case counts[blocked] > 0 && counts[busy] == 0:
		return paint.Warning.Render("blocked")
	case counts[busy] == 0:
		return barOf(paint.Faint, share(p.tasks, now))
	}
	return bar(share(p.tasks, now))
}

// share is how much of the tasks' usual time is behind them.
func share(tasks []*task, now time.Time) float64 {
	var all, behind float64
	for _, t := range tasks {
		all += t.weight()
		behind += t.weight() * t.share(now)
	}
	if all == 0 {
		return 0
	}
	return behind / all
}

func bar(share float64) string { return barOf(paint.Busy, share) }

func barOf(style lipgloss.Style, share float64) string {
	full := min(barWidth, int(share*barWidth))
	line := paint.Faint.Render(strings.Repeat("─", barWidth-full))
	if full > 0 {
		line = style.Render(strings.Repeat("━", full)) + line
	}
	return line
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}
