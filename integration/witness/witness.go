package witness

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"provision/pkg/sandbox"
)

// Witness remembers the worst moments of each region of one stack since the last Start. It is safe for use by many
// goroutines.
type Witness struct {
	stack string // the name of its load balancer and its target group

	mu   sync.Mutex
	seen map[string]*memory // by region
}

// New is a witness of a stack, for [sandbox.Options].Watch.
func New(stack string) *Witness { return &Witness{stack: stack, seen: map[string]*memory{}} }

// memory is what was seen of a region.
type memory struct {
	last, start sandbox.Scene
	events      int
	least       int             // healthy targets
	unused      int             // at the most
	silent      map[int]bool    // ports that answered at the start, and at some event did not
	dark        map[string]bool // zones without a way out that were not so at the start
	unrecorded  bool            // flow logs recorded at the start, and at some event none did
}

// Watch is for [sandbox.Options].
func (w *Witness) Watch(s sandbox.Scene) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen[s.Region] == nil {
		w.seen[s.Region] = newMemory(s)
		return
	}
	w.seen[s.Region].note(s, w.stack)
}

// Start forgets what was seen: how the regions are now is how they were before a change.
func (w *Witness) Start() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for region, m := range w.seen {
		w.seen[region] = newMemory(m.last)
		w.seen[region].note(m.last, w.stack)
	}
}

func newMemory(s sandbox.Scene) *memory {
	return &memory{last: s, start: s, silent: map[int]bool{}, dark: map[string]bool{}}
}

func (m *memory) note(s sandbox.Scene, stack string) {
	m.last = s
	if m.events == 0 || s.Healthy[stack] < m.least {
		m.least = s.Healthy[stack]
	}
	m.events++
	m.unused = max(m.unused, s.Unused)
	for _, port := range m.start.Answers[stack] {
		if !slices.Contains(s.Answers[stack], port) {
			m.silent[port] = true
		}
	}
	for _, zone := range s.Dark {
		if !slices.Contains(m.start.Dark, zone) && !slices.Contains(m.start.Closed, zone) {
			m.dark[zone] = true
		}
	}
	m.unrecorded = m.unrecorded || m.start.Recorded > 0 && s.Recorded == 0
}

// Least is how many targets of a region were healthy at its worst moment.
func (w *Witness) Least(region string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of(region).least
}

// Silent says whether requests to a port that answered at the start were without an answer at some moment.
func (w *Witness) Silent(region string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.of(region).silent) > 0
}

// Unrecorded says whether traffic that was recorded at the start was not at some moment.
func (w *Witness) Unrecorded(region string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of(region).unrecorded
}

// of is what was seen of a region, nothing where nothing was.
func (w *Witness) of(region string) *memory {
	if m := w.seen[region]; m != nil {
		return m
	}
	return newMemory(sandbox.Scene{})
}

// Breaches are the moments of a region that its plan did not announce, each in a sentence.
func (w *Witness) Breaches(region string, p Promise) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.of(region)
	var all []string
	if before := m.start.Healthy[w.stack]; m.least < before-p.Fewer {
		all = append(all, fmt.Sprintf("%d of %d targets were healthy at the least of %d events, and the plan announces %d fewer",
			m.least, before, m.events, p.Fewer))
	}
	for _, port := range slices.Sorted(maps.Keys(m.silent)) {
		if !p.closes(port) {
			all = append(all, fmt.Sprintf("requests to port %d were without an answer", port))
		}
	}
	if len(m.dark) > 0 && !p.EgressLost {
		all = append(all, "instances were without a way out in "+strings.Join(slices.Sorted(maps.Keys(m.dark)), ", "))
	}
	if m.unrecorded && !p.Unrecorded {
		all = append(all, "traffic was not recorded")
	}
	if m.unused > m.start.Unused {
		all = append(all, fmt.Sprintf("the load balancer left a zone before %d instances did", m.unused))
	}
	return all
}
