package ui

import (
	"fmt"
	"io"
	"sync"
	"time"

	"charm.land/lipgloss/v2"

	"provision/pkg/graph"
)

// Lines shows progress as one line an event, for logs and pipes.
type Lines struct {
	Out   io.Writer
	Start time.Time

	mu sync.Mutex
}

var eventStyles = map[graph.EventType]lipgloss.Style{
	graph.Created: green, graph.Found: green, graph.Settled: green, graph.Deleted: red,
	graph.Retrying: yellow, graph.Broken: red, graph.Skipped: yellow, graph.Waiting: cyan,
}

// Event prints one event; it may be called from many goroutines.
func (l *Lines) Event(e graph.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := fmt.Sprintf("%s %s", eventStyles[e.Type].Render(fmt.Sprintf("%-8s", e.Type)), e.Key)
	if e.ID != "" {
		text += " " + faint.Render(e.ID)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	fmt.Fprintf(l.Out, "%7.1fs  %-15s %s\n", e.Time.Sub(l.Start).Seconds(), e.Region, text)
}
