package ui

import (
	"fmt"
	"strings"

	"provision/pkg/effect"
	"provision/pkg/ending"
	"provision/pkg/foreign"
	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui/paint"
)

// effectLines are the effects of a region's plan beyond its calls. They come before its steps, so that even a hasty
// reader sees them.
func effectLines(all []effect.Effect) []string {
	var lines []string
	for _, e := range all {
		mark, style := paint.MarkWarning, paint.Warning
		switch e.Kind {
		case effect.Replaced:
			mark = "-/+"
		case effect.Capacity:
			mark = "-"
		case effect.Outage, effect.NameLost, effect.PortClosed, effect.EgressLost:
			style = paint.Bad
		case effect.Addresses, effect.Redundancy, effect.Redirect, effect.Opened:
		}
		lines = append(lines, " "+style.Render(fmt.Sprintf("%3s %s", mark, foreign.Line(e.Text))))
	}
	return lines
}

// launchLines are a changed script as a diff, and changed tags of instances by name.
func launchLines(d *stack.LaunchDifference) []string {
	if d == nil {
		return nil
	}
	if d.Err != nil {
		return []string{detailIndent + paint.Warning.Render("the script and tags of the running instances can't be shown: "+ending.Text(d.Err))}
	}
	var lines []string
	for _, c := range d.Tags {
		lines = append(lines, fmt.Sprintf("%slaunch %s: %s → %s", detailIndent, foreign.Line(c.Field), orNone(c.From), orNone(c.To)))
	}
	if d.Script == "" {
		return lines
	}
	lines = append(lines, detailIndent+"launch script:")
	for line := range strings.Lines(d.Script) {
		lines = append(lines, detailIndent+diffLine(strings.TrimRight(line, "\r\n")))
	}
	return lines
}

// diffLine is a line of a unified diff in its colour. Escape sequences in a script must not reach the terminal.
func diffLine(line string) string {
	shown := fmt.Sprintf("%.*s", longestLine, foreign.Line(line))
	switch {
	case strings.HasPrefix(line, "+"):
		return paint.Good.Render(shown)
	case strings.HasPrefix(line, "-"):
		return paint.Bad.Render(shown)
	}
	return paint.Faint.Render(shown)
}

// longestLine is enough of a script's line.
const longestLine = 200

// digests are the changes that launchLines tell in full, so that their digests need not be shown.
func digests(d *stack.LaunchDifference, steps []graph.Step) []graph.Step {
	if d == nil || d.Err != nil {
		return steps
	}
	shown := make([]graph.Step, len(steps))
	for i, step := range steps {
		step.Changes = withoutDigests(step.Changes)
		shown[i] = step
	}
	return shown
}

func withoutDigests(changes []graph.Change) []graph.Change {
	var rest []graph.Change
	for _, c := range changes {
		if c.Field != stack.FieldScript && c.Field != stack.FieldLaunchTags {
			rest = append(rest, c)
		}
	}
	return rest
}
