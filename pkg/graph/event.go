package graph

import "time"

// Event is one change of a resource's progress; the terminal, the log and the diagram are built from events. An event
// without a key is about the region as a whole: ready, failed or deleted.
type Event struct {
	Time   time.Time `json:"time"`
	Region string    `json:"region"`
	Key    Key       `json:"key,omitempty"`
	Type   EventType `json:"type"`
	ID     string    `json:"id,omitempty"`
	Detail string    `json:"detail,omitempty"`
	Pace   Pace      `json:"-"`
	Err    error     `json:"-"`
}

// EventType names the change.
type EventType string

// The event types, in the order a resource may go through them. Each constant is the word of docs/reference/events.md; it starts
// with Event where a phase has that name.
const (
	Creating     EventType = "creating"
	Created      EventType = "created"
	Found        EventType = "found" // after a lost answer, or by a claim of an earlier run
	Updating     EventType = "updating"
	Waiting      EventType = "waiting" // Detail has the reason
	EventReady   EventType = "ready"
	Deleting     EventType = "deleting"
	Deleted      EventType = "deleted"
	Retrying     EventType = "retrying"
	EventFailed  EventType = "failed"
	EventBlocked EventType = "blocked" // something it needs failed
)

func (e *Engine) emit(region string, key Key, t EventType, id, detail string) {
	e.send(Event{Region: region, Key: key, Type: t, ID: id, Detail: detail})
}

func (e *Engine) send(ev Event) {
	if e.Events != nil {
		ev.Time = e.clock().Now()
		e.Events(ev)
	}
}
