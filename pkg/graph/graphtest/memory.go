package graphtest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"provision/pkg/graph"
)

// Memory is a journal that nothing survives. The zero value is empty.
type Memory struct {
	mu      sync.Mutex
	entries map[graph.Key]graph.Entry
}

// Entries implements [graph.Journal].
func (m *Memory) Entries() []graph.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.entries), func(a, b graph.Entry) int {
		return strings.Compare(string(a.Key), string(b.Key))
	})
}

// ID is what the journal knows of a resource, or empty.
func (m *Memory) ID(key graph.Key) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.entries[key].ID
}

// Claim implements [graph.Journal].
func (m *Memory) Claim(_ context.Context, claims []graph.Claim) error {
	for _, c := range claims {
		m.set(m.entry(c.Key).Claimed(c, time.Now()))
	}
	return nil
}

// Bind implements [graph.Journal].
func (m *Memory) Bind(key graph.Key, id string) error {
	m.set(m.entry(key).Bound(id, time.Now()))
	return nil
}

func (m *Memory) entry(key graph.Key) graph.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry := m.entries[key]
	entry.Key = key
	return entry
}

func (m *Memory) set(entry graph.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries == nil {
		m.entries = map[graph.Key]graph.Entry{}
	}
	m.entries[entry.Key] = entry
}

// Forget implements [graph.Journal].
func (m *Memory) Forget(key graph.Key, id string) error {
	if left, known := m.entry(key).Without(id); known {
		m.set(left)
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
	return nil
}

// Flush implements [graph.Journal].
func (m *Memory) Flush(context.Context) error { return nil }
