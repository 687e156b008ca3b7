package live

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

const detailIndent = "   "

// details are the lines below a region's row: what failed, then what is waited for; the URL at the end.
func (r *region) details(width int, now time.Time) []string {
	var lines []string
	failures := r.failures()
	for _, t := range failures {
		lines = append(lines, failure(paint.MarkBad+" "+names([]*task{t})+": "+t.detail, width)...)
	}
	switch {
	case r.status == failed && len(failures) == 0:
		lines = append(lines, failure(r.detail, width)...)
	case r.status == done && r.detail != "", r.status == blocked:
		lines = append(lines, r.detail)
	case r.status == ahead:
		for _, group := range r.waits(now) {
			lines = append(lines, describe(group, now))
		}
	}
	for i := range lines {
		lines[i] = detailIndent + lines[i]
	}
	return lines
}

// failure is an error in at most two lines.
func failure(text string, width int) []string {
	const most = 2
	lines := strings.Split(ansi.Wrap(text, max(1, width-len(detailIndent)-2), ""), "\n")
	for i, line := range lines {
		if i > 0 {
			line = "  " + line
		}
		lines[i] = paint.Bad.Render(line)
	}
	if len(lines) > most {
		lines = append(lines[:most-1], lines[most-1]+"…")
	}
	return lines
}

// waits are the tasks that are worth telling, that which the run depends on most first; of one kind and doing together.
func (r *region) waits(now time.Time) [][]*task {
	var telling []*task
	for _, t := range r.tasks {
		if t.tells(now) && !r.outwaits(t) {
			telling = append(telling, t)
		}
	}
	slices.SortStableFunc(telling, func(a, b *task) int { return cmp.Compare(b.reach, a.reach) })
	var groups [][]*task
	for _, t := range telling {
		at := slices.IndexFunc(groups, func(g []*task) bool { return alike(g[0], t) })
		if at < 0 {
			groups = append(groups, []*task{t})
		} else {
			groups[at] = append(groups[at], t)
		}
	}
	return groups
}

// outwaits says whether the task is done and only waits for another of the region, which has a line of its own.
func (r *region) outwaits(t *task) bool {
	if t.doing != graph.Created && t.doing != graph.Found && t.doing != graph.Updating {
		return false
	}
	return slices.ContainsFunc(t.After, func(key graph.Key) bool { other := r.byKey[key]; return other != nil && !other.settled() })
}

func alike(a, b *task) bool { return a.Key.Kind() == b.Key.Kind() && a.doing == b.doing }

// describe is one line on tasks that are alike: their keys and action, since when, and how long that usually takes.
func describe(group []*task, now time.Time) string {
	first := slices.MinFunc(group, func(a, b *task) int { return a.since.Compare(b.since) })
	took := now.Sub(first.since)
	text := names(group) + ": " + first.activity(paint.Duration(took))
	if first.Usual > 0 {
		text += ", usually " + paint.Duration(first.Usual)
	}
	switch {
	case first.doing == graph.Retrying:
		return paint.Warning.Render(text)
	case first.Usual > 0 && took > 2*first.Usual:
		return paint.Warning.Render(text)
	}
	return text
}

// activity is what the task is doing, and for how long.
func (t *task) activity(took string) string {
	switch {
	case t.doing == graph.Retrying:
		return "trying again for " + took + ": " + t.detail
	case t.doing != graph.Waiting:
		return string(t.doing) + " " + took
	case strings.Contains(t.detail, " "):
		return t.detail + ", " + took
	case t.detail == "":
		return "waiting " + took
	}
	return t.detail + " " + took
}

func names(group []*task) string {
	const most = 4
	if len(group) > most {
		return fmt.Sprintf("%d × %s", len(group), group[0].Key.Kind())
	}
	text := string(group[0].Key)
	for _, t := range group[1:] {
		text += ", " + t.Key.Name()
	}
	return paint.Brief(text) // keys come from tags, which others may write
}
