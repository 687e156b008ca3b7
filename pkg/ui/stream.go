package ui

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/live"
)

// Stream writes progress for programs: one JSON document a line. docs/reference/events.schema.json describes them.
type Stream struct {
	Out    io.Writer
	Target string // of a fleet; empty: a single stack

	mu sync.Mutex
}

// StreamVersion counts changes of meaning; fields that are added are none.
const StreamVersion = 1

type recordHead struct {
	Version int       `json:"version"`
	Type    string    `json:"type"`
	Time    time.Time `json:"time"`
	Target  string    `json:"target,omitempty"`
}

// startRecord says what is going to be done.
type startRecord struct {
	recordHead
	Command string        `json:"command"`
	Stack   string        `json:"stack"`
	Regions []regionStart `json:"regions"`
}

type regionStart struct {
	Region string `json:"region"`
	Steps  int    `json:"steps"` // that are not as wanted already
	Error  string `json:"error,omitempty"`
}

// eventRecord is one thing that happened: to a resource, or without a key to a region.
type eventRecord struct {
	recordHead
	Region       string          `json:"region"`
	Key          graph.Key       `json:"key,omitempty"`
	Event        graph.EventType `json:"event"`
	ID           string          `json:"id,omitempty"`
	Detail       string          `json:"detail,omitempty"`
	UsualSeconds float64         `json:"usualSeconds,omitempty"`
}

// throttledRecord is a call that AWS asked to repeat later.
type throttledRecord struct {
	recordHead
	Region    string `json:"region"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
}

// endRecord says how it ended.
type endRecord struct {
	recordHead
	Regions []regionEnd `json:"regions"`
	Calls   callCounts  `json:"calls"`
}

type regionEnd struct {
	Region  string `json:"region"`
	Result  string `json:"result"` // ready, gone, stopped or failed
	URL     string `json:"url,omitempty"`
	Healthy int    `json:"healthy,omitempty"`
	Error   string `json:"error,omitempty"`
}

type callCounts struct {
	All       int64 `json:"all"`
	Mutating  int64 `json:"mutating"`
	Throttled int64 `json:"throttled"`
}

func (s *Stream) head(kind string, at time.Time) recordHead {
	return recordHead{StreamVersion, kind, at.UTC(), s.Target}
}

// Start writes what a run is going to do.
func (s *Stream) Start(at time.Time, run live.Run) {
	record := startRecord{recordHead: s.head("start", at), Command: run.Command, Stack: run.Stack, Regions: []regionStart{}}
	for _, part := range run.Parts {
		start := regionStart{Region: part.Region, Error: text(part.Err)}
		for _, task := range part.Tasks {
			if !task.Idle {
				start.Steps++
			}
		}
		record.Regions = append(record.Regions, start)
	}
	s.write(record)
}

// Event writes one event; it may be called from many goroutines.
func (s *Stream) Event(e graph.Event) {
	s.write(eventRecord{
		recordHead: s.head("event", e.Time), Region: e.Region, Key: e.Key, Event: e.Type, ID: e.ID, Detail: e.Detail,
		UsualSeconds: max(e.Pace.Usual, e.Pace.Typical).Seconds(),
	})
}

// Throttled writes that AWS asked to repeat a call later.
func (s *Stream) Throttled(at time.Time, region, service, operation string) {
	s.write(throttledRecord{s.head("throttled", at), region, service, operation})
}

// End writes how a run ended.
func (s *Stream) End(at time.Time, command string, o stack.Outcome, calls live.Calls) {
	record := endRecord{
		recordHead: s.head("end", at), Regions: []regionEnd{}, Calls: callCounts{calls.All, calls.Mutating, calls.Throttled},
	}
	for _, r := range o.Results {
		end := regionEnd{Region: r.Region, Result: result(command, r.Err), URL: r.URL, Healthy: r.Healthy, Error: text(r.Err)}
		if r.Region != state.Global || r.Err != nil {
			record.Regions = append(record.Regions, end)
		}
	}
	s.write(record)
}

// result is how a region's part of a command ended, in a word.
func result(command string, err error) string {
	switch {
	case graph.Stopped(err):
		return "stopped"
	case err != nil:
		return "failed"
	case command == "up":
		return "ready"
	}
	return "gone"
}

// write ignores a reader that has closed the stream: progress stops no run.
func (s *Stream) write(record any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(record)
}
