package diagram

import (
	"cmp"
	"slices"
)

// line is a straight piece of the ways of one kind. Where ways run together there is one line, so that dashes stay
// dashes.
type line struct{ from, to point }

// merged are the lines of all ways of a kind, each piece once.
func merged(paths []path, kind pathKind) []line {
	across, down := map[int][]span{}, map[int][]span{} // by y, by x
	for _, p := range paths {
		for i := 1; p.kind == kind && i < len(p.points); i++ {
			a, b := p.points[i-1], p.points[i]
			if a.y == b.y {
				across[a.y] = append(across[a.y], span{min(a.x, b.x), max(a.x, b.x)})
			} else {
				down[a.x] = append(down[a.x], span{min(a.y, b.y), max(a.y, b.y)})
			}
		}
	}
	var lines []line
	for y, spans := range across {
		for _, s := range union(spans) {
			lines = append(lines, line{point{s.from, y}, point{s.to, y}})
		}
	}
	for x, spans := range down {
		for _, s := range union(spans) {
			lines = append(lines, line{point{x, s.from}, point{x, s.to}})
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(a.from.y-b.from.y, a.from.x-b.from.x, a.to.y-b.to.y, a.to.x-b.to.x)
	})
	return lines
}

type span struct{ from, to int }

func union(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	var all []span
	for _, s := range spans {
		if last := len(all) - 1; last >= 0 && s.from <= all[last].to {
			all[last].to = max(all[last].to, s.to)
			continue
		}
		all = append(all, s)
	}
	return all
}
