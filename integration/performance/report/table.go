package main

import (
	"fmt"
	"strings"
	"time"

	"provision/integration/performance"
)

var natModes = []string{"per-az", "single", "regional", "none"}

func countTable(counts map[string]performance.Counts) string {
	var text strings.Builder
	text.WriteString("| NAT | command | writes, floor | reads, floor | in a row, floor |\n|---|---|---|---|---|\n")
	for _, mode := range natModes {
		c := counts[mode]
		for _, row := range []struct {
			command string
			performance.Count
		}{{"`up`", c.Up}, {"idle `up`, `plan`", c.Idle}, {"`down`", c.Down}} {
			m, f := row.Measured, row.Floor
			fmt.Fprintf(&text, "| %s | %s | %d, %d | %d, %d | %d, %d |\n",
				mode, row.command, m.Writes, f.Writes, m.Reads, f.Reads, m.Chain, f.Chain)
		}
	}
	return text.String()
}

func lifeTable(lives []performance.Life) string {
	var text strings.Builder
	text.WriteString("| regions | `up` | calls | idle `up` | calls | `down` | calls | refused |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	for _, l := range lives {
		fmt.Fprintf(&text, "| %d | %s | %d | %s | %d | %s | %d | %d |\n", l.Regions,
			round(l.Up.Took), l.Up.Calls, round(l.Idle.Took), l.Idle.Calls, round(l.Down.Took), l.Down.Calls,
			l.Up.Refused+l.Idle.Refused+l.Down.Refused)
	}
	return text.String()
}

func machineTable(m performance.Machine) string {
	var text strings.Builder
	fmt.Fprintf(&text, "| on %s | |\n|---|---|\n", m.Name)
	fmt.Fprintf(&text, "| memory of an `up` in 17 regions, at its peak | %d MiB |\n", m.RSS>>20)
	fmt.Fprintf(&text, "| CPU of a `plan` of 36 regions without changes | %s |\n",
		m.Plan.Round(10*time.Millisecond))
	fmt.Fprintf(&text, "| CPU of `provision version` | %s |\n", m.Version.Round(time.Millisecond))
	fmt.Fprintf(&text, "| size of the program, stripped | %.1f MB |\n", float64(m.Size)/1e6)
	for _, w := range m.Wall {
		command, regions, _ := strings.Cut(w.Command, ", ")
		fmt.Fprintf(&text, "| `%s`, %s region(s), on LocalStack with 50 ms on each call | %s |\n",
			command, regions, w.Took.Round(10*time.Millisecond))
	}
	return text.String()
}

func round(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
