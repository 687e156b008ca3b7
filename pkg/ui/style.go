package ui

import (
	"charm.land/lipgloss/v2"

	"provision/pkg/graph"
)

// The sixteen colours of the terminal follow the user's theme, light or dark.
var (
	bold   = lipgloss.NewStyle().Bold(true)
	faint  = lipgloss.NewStyle().Faint(true)
	green  = lipgloss.NewStyle().Foreground(lipgloss.Green)
	yellow = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	red    = lipgloss.NewStyle().Foreground(lipgloss.Red)
	cyan   = lipgloss.NewStyle().Foreground(lipgloss.Cyan)
	plain  = lipgloss.NewStyle()
)

// symbols of the actions, as people know them from other tools.
var symbols = map[graph.Action]string{
	graph.Create: "+", graph.Update: "~", graph.Replace: "-/+", graph.Delete: "-", graph.Keep: " ", graph.Wait: "…",
}

var actionStyles = map[graph.Action]lipgloss.Style{
	graph.Create: green, graph.Update: yellow, graph.Replace: yellow, graph.Delete: red, graph.Keep: plain, graph.Wait: cyan,
}

func symbol(a graph.Action) string { return actionStyles[a].Render(symbols[a]) }

func phaseStyle(p graph.Phase) lipgloss.Style {
	switch p {
	case graph.Ready:
		return green
	case graph.Failed:
		return red
	case graph.Pending, graph.Leaving:
		return cyan
	}
	return plain
}
