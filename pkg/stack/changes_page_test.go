package stack_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"provision/pkg/graph"
)

const (
	changesPage  = "../../docs/changes.md"
	changesStart = "<!-- changes -->\n"
	changesEnd   = "<!-- /changes -->"
)

// withChanges is the page with the rows as its table.
func withChanges(t *testing.T, rows []toldRow) string {
	t.Helper()
	page, err := os.ReadFile(changesPage)
	must(t, err)
	before, rest, _ := strings.Cut(string(page), changesStart)
	_, after, ok := strings.Cut(rest, changesEnd)
	if !ok {
		t.Fatalf("%s has no table between %s and %s", changesPage, changesStart, changesEnd)
	}
	var table strings.Builder
	table.WriteString("| setting | change | what `up` does | what users notice | about | what stays |\n|---|---|---|---|---|---|\n")
	for _, row := range rows {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s | %s |\n", row.setting, row.change(), row.does(), row.noticed(), row.about(), row.kept)
	}
	return before + changesStart + strings.ReplaceAll(table.String(), "|  |", "| |") + changesEnd + after
}

// change is from → to, and what else is set where that matters.
func (r toldRow) change() string {
	value := func(text string) string {
		if text == "" {
			return "not set"
		}
		return "`" + text + "`"
	}
	text := cmp.Or(r.says, value(r.from)+" → "+value(r.to))
	var with []string
	for _, setting := range slices.Sorted(maps.Keys(r.with)) {
		with = append(with, "`"+setting[strings.LastIndex(setting, ".")+1:]+": "+r.with[setting]+"`")
	}
	if len(with) > 0 {
		text += ", with " + strings.Join(with, ", ")
	}
	return text
}

// does is what happens to resources, by their kinds.
func (r toldRow) does() string {
	if r.refused != "" {
		return "refuses (exit code 4): " + r.refused
	}
	kinds := map[graph.Action]map[string]int{}
	for _, part := range r.plan.Parts() {
		for _, step := range part.Plan.Changed() {
			if kinds[step.Action] == nil {
				kinds[step.Action] = map[string]int{}
			}
			kinds[step.Action][step.Key.Kind()]++
		}
	}
	var all []string
	for _, action := range []graph.Action{graph.Create, graph.Update, graph.Replace, graph.Delete} {
		if len(kinds[action]) > 4 && action == graph.Update {
			all = append(all, "updates everything")
		} else if len(kinds[action]) > 6 {
			all = append(all, fmt.Sprintf("%ss a stack", action))
		} else if list := counted(kinds[action]); list != "" {
			all = append(all, fmt.Sprintf("%ss %s", action, list))
		}
	}
	if len(r.plan.Dropped.Regions) > 0 {
		all = append(all, "leaves the stack there as it is, and names the `provision down` that removes it")
	}
	return cmp.Or(strings.Join(all, "; "), "changes nothing in AWS")
}

func counted(kinds map[string]int) string {
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		name := "`" + kind + "`"
		if n := kinds[kind]; n > 1 {
			name += fmt.Sprintf(" ×%d", n)
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

// ipv4 are addresses, which each sandbox draws at random.
var ipv4 = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+(, \d+\.\d+\.\d+\.\d+)*$`)

// noticed are the effects that the plan announces.
func (r toldRow) noticed() string {
	if r.refused != "" {
		return ""
	}
	var all []string
	for _, e := range r.effects {
		text := ipv4.ReplaceAllStringFunc(e.Text, func(list string) string {
			return fmt.Sprintf("%d of them", strings.Count(list, ",")+1)
		})
		if e.Kind == "port-opened" {
			text = e.Text
		}
		all = append(all, text)
	}
	return cmp.Or(strings.Join(all, "; "), "nothing")
}

// about is the time by the plan.
func (r toldRow) about() string {
	switch minutes := int(r.usual.Round(time.Minute) / time.Minute); {
	case r.refused != "":
		return ""
	case r.usual < 5*time.Second:
		return "seconds"
	default:
		return fmt.Sprintf("%d min", max(1, minutes))
	}
}
