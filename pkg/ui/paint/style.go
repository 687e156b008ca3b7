package paint

import (
	"fmt"
	"time"

	"charm.land/lipgloss/v2"

	"provision/pkg/graph"
)

// The styles, by what they are for.
var (
	Bold  = lipgloss.NewStyle().Bold(true)
	Faint = lipgloss.NewStyle().Faint(true)
	Plain = lipgloss.NewStyle()

	Good    = lipgloss.NewStyle().Foreground(lipgloss.Green)
	Change  = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	Warning = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	Bad     = lipgloss.NewStyle().Foreground(lipgloss.Red)
	Busy    = lipgloss.NewStyle().Foreground(lipgloss.Cyan)
)

// Marks stand before what they judge, so that it is read without colours too.
const (
	MarkGood    = "✓"
	MarkBad     = "✗"
	MarkWarning = "!"
	MarkBlocked = "–"
	MarkBusy    = "…"
)

// symbols of the actions, as people know them from other tools.
var symbols = map[graph.Action]string{
	graph.Create: "+", graph.Update: "~", graph.Replace: "-/+", graph.Delete: "-", graph.Keep: " ", graph.Wait: MarkBusy,
}

var actions = map[graph.Action]lipgloss.Style{
	graph.Create: Good, graph.Update: Change, graph.Replace: Change, graph.Delete: Bad, graph.Keep: Plain, graph.Wait: Busy,
}

// Action is the style of what a plan does.
func Action(a graph.Action) lipgloss.Style { return actions[a] }

// Symbol is the action's symbol in its colour, three columns wide.
func Symbol(a graph.Action) string { return actions[a].Render(fmt.Sprintf("%3s", symbols[a])) }

// Phase is the style of how far a thing is.
func Phase(p graph.Phase) lipgloss.Style {
	switch p {
	case graph.Ready:
		return Good
	case graph.Failed:
		return Bad
	case graph.Pending, graph.Leaving:
		return Busy
	case graph.Gone:
	}
	return Plain
}

// Duration is a duration for people: "4 s", "1 min 30 s", "2 h 5 min".
func Duration(d time.Duration) string {
	switch seconds := int(d.Round(time.Second).Seconds()); {
	case seconds < 60:
		return fmt.Sprintf("%d s", seconds)
	case seconds%60 == 0 && seconds < 3600:
		return fmt.Sprintf("%d min", seconds/60)
	case seconds < 3600:
		return fmt.Sprintf("%d min %d s", seconds/60, seconds%60)
	default:
		return fmt.Sprintf("%d h %d min", seconds/3600, seconds%3600/60)
	}
}

// Clock is a duration as a clock has it: "0:04", "1:52", "1:02:05".
func Clock(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds%3600/60, seconds%60)
}
