package ui

import (
	"fmt"
	"slices"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

// bundle is steps that read as one: alike in kind, and what is done to them.
type bundle struct {
	steps   []graph.Step
	details []string
}

// bundles puts together what is made or removed by kind, and what is changed by the changes.
func bundles(all []graph.Step) []*bundle {
	var list []*bundle
	byLook := map[string]*bundle{}
	for _, s := range all {
		details := changeLines(s)
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
	for _, c := range s.Changes {
		lines = append(lines, fmt.Sprintf("%s: %s → %s", c.Field, orNone(c.From), orNone(c.To)))
		if c.Fixed != "" {
			lines = append(lines, paint.Bad.Render(paint.MarkBad+" can't be done: "+c.Fixed))
		}
	}
	return lines
}

func orNone(value string) string {
	if value == "" {
		return paint.Faint.Render("none")
	}
	return value
}

const (
	kindWidth    = 18
	detailIndent = "       "
)

// stepLines are the lines of a plan's steps; with ids, each step has its own.
func stepLines(all []graph.Step, ids bool) []string {
	var lines []string
	for _, b := range bundles(all) {
		first := b.steps[0]
		symbol := " " + paint.Symbol(first.Action) + " "
		switch {
		case ids:
			for _, s := range b.steps {
				lines = append(lines, strings.TrimRight(symbol+pad(string(s.Key), kindWidth+6)+" "+paint.Faint.Render(s.ID), " ")+why(s))
			}
		case first.Action == graph.Create || first.Action == graph.Delete || sameKind(b.steps) && first.Key.Name() != "":
			names := braces(keyNames(b.steps))
			lines = append(lines, strings.TrimRight(symbol+pad(first.Key.Kind(), kindWidth)+" "+names, " ")+why(first))
		default:
			lines = append(lines, symbol+braces(keys(b.steps))+why(first))
		}
		for _, detail := range b.details {
			lines = append(lines, detailIndent+detail)
		}
	}
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

// braces writes names that differ in the letter of their zone as shells do: "public-{a,b,c}".
func braces(names []string) string {
	var stems []string
	letters := map[string][]string{}
	for _, name := range names {
		stem, letter := name, ""
		if at := len(name) - 1; at > 0 && (name[at-1] == '-' || name[at-1] == '/') {
			stem, letter = name[:at], name[at:]
		}
		if _, known := letters[stem]; !known {
			stems = append(stems, stem)
		}
		letters[stem] = append(letters[stem], letter)
	}
	for i, stem := range stems {
		switch zones := letters[stem]; {
		case len(zones) == 1:
			stems[i] += zones[0]
		case zones[0] != "":
			stems[i] += "{" + strings.Join(zones, ",") + "}"
		}
	}
	return strings.Join(stems, ", ")
}
