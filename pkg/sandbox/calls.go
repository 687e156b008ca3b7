package sandbox

import (
	"maps"
	"slices"
	"sync"
	"time"

	"provision/pkg/sandbox/wire"
)

// Call is one request that reached the sandbox.
type Call struct {
	Seq                              int64 // in order of arrival, from 1
	Start                            time.Time
	Account, Region, Service, Action string
	Mutating                         bool
	Status                           int // of HTTP; 0 while the call is in flight and where the answer was lost
}

// Name is the call's action with its service and region, as in the address of a [Fault].
func (c Call) Name() string { return c.Region + "/" + c.Service + ":" + c.Action }

// Moment is when a call is intercepted.
type Moment int

// Before and after the effect of a call.
const (
	Before Moment = iota
	After
)

// kept is how many calls the log holds. The counts have no limit.
const kept = 1 << 16

type callLog struct {
	mu      sync.Mutex
	started int64
	ring    []Call
	counts  map[string]int
}

func (l *callLog) begin(c *call, op *operation, now time.Time) Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.started++
	record := Call{
		Seq: l.started, Start: now, Account: c.account.id, Region: c.region.name, Service: c.service, Action: c.action,
		Mutating: op != nil && op.is(mutates),
	}
	if len(l.ring) < kept {
		l.ring = append(l.ring, record)
	} else {
		l.ring[(record.Seq-1)%kept] = record
	}
	if l.counts == nil {
		l.counts = map[string]int{}
	}
	l.counts[record.Name()]++
	return record
}

func (l *callLog) end(record Call, r *wire.Reply) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := (record.Seq - 1) % kept; i < int64(len(l.ring)) && l.ring[i].Seq == record.Seq {
		l.ring[i].Status = r.Status
	}
}

// Calls are the latest 65,536 calls, in order of their start.
func (s *Sandbox) Calls() []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	out := slices.Clone(s.calls.ring)
	slices.SortFunc(out, func(a, b Call) int { return int(a.Seq - b.Seq) })
	return out
}

// CallCounts are how often each region/service:Action was called, from the start or the last [Sandbox.ForgetCalls].
func (s *Sandbox) CallCounts() map[string]int {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	return maps.Clone(s.calls.counts)
}

// ForgetCalls empties the log and the counts.
func (s *Sandbox) ForgetCalls() {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	s.calls.started, s.calls.ring, s.calls.counts = 0, nil, nil
}
