package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// world is a toy cloud: strict about edges, lossy on demand. It plays AWS for the engine's tests.
type world struct {
	mu     sync.Mutex
	things map[string]*toyThing
	calls  []string // every call that changed something or tried to: "create a/0"
	reads  int
	nextID int
	lag    int // a new thing is unseen by this many lists

	// fault decides what becomes of the n-th mutating call, counted from 1; nil: nothing happens to it.
	fault func(n int, call string) fate

	// blind decides what a list fails with; nil: nothing.
	blind func(kind string) error
}

type fate int

const (
	fine fate = iota
	refused
	lostBefore
	lostAfter
	throttled
	absent // something that the call names is not there
)

type toyThing struct {
	toyState
	unseen  int
	readyAt time.Time
	parents []string
}

// toyState is the observed side.
type toyState struct {
	Identity
	Attrs map[string]string
	Ready bool
	Dead  bool
}

var (
	errToyRefused   = errors.New("refused")
	errToyLost      = errors.New("lost")
	errToyThrottled = errors.New("throttled")
	errToyHeld      = errors.New("held")
	errToyAbsent    = errors.New("another thing is not there")
)

func classifyToy(err error) Class {
	switch {
	case errors.Is(err, errToyLost):
		return Ambiguous
	case errors.Is(err, errToyThrottled):
		return Throttled
	case errors.Is(err, errToyHeld):
		return Held
	case errors.Is(err, errToyAbsent):
		return NotFound
	}
	return Fatal
}

func newWorld() *world { return &world{things: map[string]*toyThing{}} }

// mutate runs one call under its fate.
func (w *world) mutate(call string, effect func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call)
	outcome := fine
	if w.fault != nil {
		outcome = w.fault(len(w.calls), call)
	}
	switch outcome {
	case refused:
		return errToyRefused
	case throttled:
		return errToyThrottled
	case absent:
		return errToyAbsent
	case lostBefore:
		return errToyLost
	}
	if err := effect(); err != nil {
		return err
	}
	if outcome == lostAfter {
		return errToyLost
	}
	return nil
}

func (w *world) list(kind string) []toyState {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads++
	var found []toyState
	for _, id := range slices.Sorted(maps.Keys(w.things)) {
		thing := w.things[id]
		if Key(thing.Tags[TagKey]).Kind() != kind {
			continue
		}
		if thing.unseen > 0 {
			thing.unseen--
			continue
		}
		found = append(found, thing.look())
	}
	return found
}

func (t *toyThing) look() toyState {
	state := t.toyState
	state.Tags, state.Attrs = maps.Clone(state.Tags), maps.Clone(state.Attrs)
	state.Ready = !time.Now().Before(t.readyAt)
	return state
}

// keys are the keys of everything there, sorted; a key twice is a duplicate.
func (w *world) keys() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var keys []string
	for _, thing := range w.things {
		keys = append(keys, thing.Tags[TagKey])
	}
	slices.Sort(keys)
	return keys
}

func (w *world) mutations() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.calls)
}

// toyKind and toy are a Kind and a Resource of the toy cloud.
type toyKind struct {
	world *world
	name  string
	safe  bool // creation conflicts by name instead of making a second thing
	takes time.Duration
}

type toy struct {
	toyKind
	Meta
	needs []Need
	refs  []Ref          // whose IDs creation needs
	attrs map[string]Key // attribute → the update need it waits for, or empty
}

func (k toyKind) Kind() string        { return k.name }
func (k toyKind) Pace() Pace          { return Pace{Usual: k.takes, Leave: k.takes} }
func (k toyKind) RepeatsSafely() bool { return k.safe }

func (k toyKind) List(_ context.Context, s *Sweep) ([]toyState, error) {
	return Once(context.Background(), s, k.name, func(context.Context) ([]toyState, error) {
		if blind := k.world.blind; blind != nil {
			if err := blind(k.name); err != nil {
				return nil, err
			}
		}
		return k.world.list(k.name), nil
	})
}

func (k toyKind) Phase(o toyState) (Phase, string) {
	switch {
	case o.Dead:
		return Failed, "died"
	case o.Ready:
		return Ready, ""
	}
	return Pending, "warming up"
}

func (k toyKind) Delete(_ context.Context, o toyState) error {
	return k.world.mutate("delete "+string(o.Key()), func() error {
		for _, other := range k.world.things {
			if slices.Contains(other.parents, o.ID) {
				return fmt.Errorf("%s by %s: %w", o.Key(), other.Key(), errToyHeld)
			}
		}
		delete(k.world.things, o.ID)
		return nil
	})
}

func (r toy) Needs() []Need { return r.needs }

func (r toy) Diff(o toyState) []Change {
	changes := r.Labels.Diff(o.Tags)
	for _, name := range slices.Sorted(maps.Keys(r.attrs)) {
		if o.Attrs[name] == "" {
			changes = append(changes, Change{Field: name, To: "on", After: r.attrs[name]})
		}
	}
	return changes
}

func (r toy) Create(_ context.Context, c Claim) (toyState, error) {
	var made toyState
	err := r.world.mutate("create "+string(r.Is), func() error {
		var parents []string
		for _, ref := range r.refs {
			if r.world.things[ref.ID()] == nil {
				return fmt.Errorf("create %s: %s is not there", r.Is, ref.Key())
			}
			parents = append(parents, ref.ID())
		}
		for _, other := range r.world.things {
			if r.safe && other.Tags[TagKey] == string(r.Is) {
				made = other.look()
				return nil
			}
		}
		r.world.nextID++
		thing := &toyThing{unseen: r.world.lag, readyAt: time.Now().Add(r.takes), parents: parents}
		thing.toyState = toyState{
			Identity: Identity{ID: "id-" + strconv.Itoa(r.world.nextID), Tags: maps.Clone(c.Tags)}, Attrs: map[string]string{},
		}
		r.world.things[thing.ID] = thing
		made = thing.look()
		return nil
	})
	if err != nil {
		return toyState{}, err
	}
	return made, nil
}

func (r toy) Update(_ context.Context, o toyState, changes []Change) (toyState, error) {
	var names []string
	for _, c := range changes {
		names = append(names, c.Field)
	}
	now := o
	err := r.world.mutate("update "+string(r.Is)+" "+strings.Join(names, ","), func() error {
		thing := r.world.things[o.ID]
		thing.Tags, _, _ = r.Labels.Apply(thing.Tags, changes)
		for _, c := range changes {
			if _, ok := r.attrs[c.Field]; ok {
				thing.Attrs[c.Field] = "on"
			}
		}
		now = thing.look()
		return nil
	})
	return now, err
}

// notebook is a journal in memory. It outlives the engines that crash.
type notebook struct {
	mu      sync.Mutex
	entries map[Key]Entry
	frozen  bool
}

func newNotebook() *notebook { return &notebook{entries: map[Key]Entry{}} }

func (j *notebook) Entries() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Collect(maps.Values(j.entries))
}

func (j *notebook) Claim(_ context.Context, claims []Claim) error {
	return j.write(func() {
		for _, c := range claims {
			j.entries[c.Key] = Entry{Key: c.Key, Nonce: c.Nonce, Since: time.Now()}
		}
	})
}

func (j *notebook) Bind(key Key, id string) error {
	return j.write(func() { j.entries[key] = Entry{Key: key, ID: id, Nonce: j.entries[key].Nonce, Since: time.Now()} })
}

func (j *notebook) Forget(key Key) error { return j.write(func() { delete(j.entries, key) }) }

func (j *notebook) Flush(context.Context) error { return nil }

func (j *notebook) write(do func()) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.frozen {
		return errors.New("the process is dead")
	}
	do()
	return nil
}
