package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

// bundle is steps that read as one: of the same kind, with the same action.
type bundle struct {
	steps   []graph.Step
	details []string
}

// bundles groups creations and deletions by kind, and updates by their changes.
func bundles(all []graph.Step) []*bundle {
	var list []*bundle
	byLook := map[string]*bundle{}
	for _, s := range all {
		details := changeLines(s)
		if s.Action == graph.Update {
			s.Why = "" // it is changed, ready or not
		}
		look := string(s.Action) + " " + s.Why + strings.Join(details, "\n")
		if s.Action == graph.Create || s.Action == graph.Delete || len(details) == 0 {
			look += s.Key.Kind()
		}
		b := byLook[look]
		if b == nil {
			b = &bundle{details: details}
			byLook[look] = b
			list = append(list, b)
		}
		b.steps = append(b.steps, s)
	}
	for _, b := range list {
		if b.steps[0].Action == graph.Delete { // they are in no order
			slices.SortFunc(b.steps, func(x, y graph.Step) int { return strings.Compare(string(x.Key), string(y.Key)) })
		}
	}
	return list
}

func changeLines(s graph.Step) []string {
	if s.Action == graph.Delete || s.Action == graph.Create {
		return nil
	}
	var lines []string
	if s.CreateFirst {
		lines = append(lines, "the new one is created before the old one is deleted")
	}
	for _, c := range s.Changes {
		lines = append(lines, fmt.Sprintf("%s: %s → %s", foreign.Line(c.Field), orNone(c.From), orNone(c.To)))
		if c.Fixed != "" {
			lines = append(lines, paint.Bad.Render(paint.MarkBad+" can't be done: "+foreign.Line(c.Fixed)))
		}
	}
	return lines
}

func orNone(value string) string {
	if value == "" {
		return paint.Faint.Render("none")
	}
	return foreign.Line(value)
}

const (
	kindWidth    = 18
	detailIndent = "       "
	lineWidth    = 78 // of lists; a single longer item keeps its length
)

// stepLines are the lines of a plan's steps; with ids, each step has its own.
func stepLines(all []graph.Step, ids bool) []string {
	var lines []string
	for _, b := range bundles(all) {
		lines = append(lines, b.lines(ids)...)
		for _, detail := range b.details {
			lines = append(lines, detailIndent+detail)
		}
	}
	return lines
}

func (b *bundle) lines(ids bool) []string {
	first := b.steps[0]
	symbol := " " + paint.Symbol(first.Action) + " "
	if ids {
		var lines []string
		for _, s := range b.steps {
			id := paint.Faint.Render(foreign.Line(s.ID))
			lines = append(lines, strings.TrimRight(symbol+pad(string(s.Key), kindWidth+6)+" "+id, " ")+why(s))
		}
		return lines
	}
	lines := wrapped(symbol, braces(keys(b.steps)))
	if sameKind(b.steps) {
		lines = wrapped(symbol+pad(first.Key.Kind(), kindWidth)+" ", braces(keyNames(b.steps)))
	}
	lines[len(lines)-1] += why(first)
	return lines
}

func why(s graph.Step) string {
	if s.Why == "" {
		return ""
	}
	return paint.Faint.Render("  " + paint.Brief(s.Why))
}

func sameKind(steps []graph.Step) bool {
	return !slices.ContainsFunc(steps, func(s graph.Step) bool { return s.Key.Kind() != steps[0].Key.Kind() })
}

func keys(steps []graph.Step) []string {
	all := make([]string, 0, len(steps))
	for _, s := range steps {
		all = append(all, string(s.Key))
	}
	return all
}

func keyNames(steps []graph.Step) []string {
	all := make([]string, 0, len(steps))
	for _, s := range steps {
		if name := s.Key.Name(); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// braces writes names that differ in their last part only as shells do: "public-{a,b,c}", "vpc-endpoint/{s3,ssm}".
func braces(names []string) []string {
	var stems []string
	ends := map[string][]string{}
	for _, name := range names {
		stem, end := stemOf(name)
		if _, known := ends[stem]; !known {
			stems = append(stems, stem)
		}
		ends[stem] = append(ends[stem], end)
	}
	for i, stem := range stems {
		if all := ends[stem]; len(all) == 1 {
			stems[i] += all[0]
		} else {
			stems[i] += "{" + strings.Join(all, ",") + "}"
		}
	}
	return stems
}

// stemOf splits off the letter of a zone, or the name after the kind.
func stemOf(name string) (stem, end string) {
	if at := len(name) - 1; at > 0 && name[at-1] == '-' {
		return name[:at], name[at:]
	}
	if at := strings.LastIndexByte(name, '/'); at >= 0 {
		return name[:at+1], name[at+1:]
	}
	return name, ""
}

// wrapped is a list in lines of at most lineWidth, behind a prefix that the further lines are indented by.
func wrapped(prefix string, list []string) []string {
	indent := ansi.StringWidth(prefix)
	lines, width := []string{prefix}, indent
	for i, item := range list {
		if i < len(list)-1 {
			item += ","
		}
		if width+len(item) > lineWidth && width > indent {
			lines, width = append(lines, strings.Repeat(" ", indent)), indent
		}
		last := len(lines) - 1
		if width > indent {
			item = " " + item
		}
		lines[last] += item
		width += len(item)
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}
