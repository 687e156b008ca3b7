package ui

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"provision/pkg/graph"
	"provision/pkg/ui/paint"
)

// Lines shows progress as one line an event, for logs and pipes: the time, the run's age, the region,
// what happened, and to what. It writes neither colours nor other control codes.
type Lines struct {
	Out   io.Writer
	Start time.Time
	Quiet bool // only what is waited for, and what goes wrong

	mu sync.Mutex
}

// Event prints one event; it may be called from many goroutines.
func (l *Lines) Event(e graph.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Quiet && !urgent(e.Type) {
		return
	}
	what, detail := told(e)
	subject := strings.TrimSpace(string(e.Key) + " " + e.ID)
	if detail = strings.TrimPrefix(detail, e.Region+": "); detail != "" {
		subject = strings.TrimPrefix(subject+": "+paint.Brief(detail), ": ")
	}
	line := fmt.Sprintf("%s %6s  %-14s %-8s %s", e.Time.UTC().Format("15:04:05Z"), "+"+paint.Clock(e.Time.Sub(l.Start)),
		e.Region, what, subject)
	fmt.Fprintln(l.Out, strings.TrimRight(line, " "))
}

// told is the event and its reason. A resource that the user stopped has not failed, and the reasons of a region's
// failed resources were printed before.
func told(e graph.Event) (what, detail string) {
	causes := graph.Causes(e.Err)
	switch {
	case e.Type == graph.EventFailed && graph.Stopped(e.Err):
		return "stopped", ""
	case e.Type == graph.EventFailed && e.Key == "" && len(causes) > 1:
		return string(e.Type), fmt.Sprintf("%v; and %d more", causes[0], len(causes)-1)
	}
	return string(e.Type), e.Detail
}

func urgent(t graph.EventType) bool {
	return t == graph.Waiting || t == graph.Retrying || t == graph.EventFailed || t == graph.EventBlocked
}
