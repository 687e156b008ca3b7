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

	// broken are rules that the engine broke: each is a sentence.
	broken []string

	stillborn Key  // things of this key fail as they are created
	plain     bool // whatever is created has no looks
	byName    bool // a creation leads to what has the name already

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
	notYet
	taken // there is one
	held
)

type toyThing struct {
	toyState
	unseen  int
	readyAt time.Time
	parents []string // whose IDs its creation named, sorted
}

// toyState is the observed side.
type toyState struct {
	Identity
	Attrs   map[string]string
	Parents []string
	Ready   bool
	Dead    bool
	Leaving bool
}

var (
	errToyRefused   = errors.New("refused")
	errToyLost      = errors.New("lost")
	errToyThrottled = errors.New("throttled")
	errToyHeld      = errors.New("held")
	errToyAbsent    = errors.New("another thing is not there")
	errToyTaken     = errors.New("there is one already")
	errToyNotYet    = errors.New("not known everywhere yet")
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
	case errors.Is(err, errToyTaken):
		return Exists
	case errors.Is(err, errToyNotYet):
		return NotYet
	}
	return Fatal
}

func newWorld() *world { return &world{things: map[string]*toyThing{}} }

// mutate runs one call under its fate. The answer of a call that is cut off is lost.
func (w *world) mutate(ctx context.Context, call string, effect func() error) error {
	err := w.decide(call, effect)
	if ctx.Err() != nil {
		return fmt.Errorf("%s was cut off: %w", call, errToyLost)
	}
	return err
}

func (w *world) decide(call string, effect func() error) error {
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
	case notYet:
		return errToyNotYet
	case taken:
		return errToyTaken
	case held:
		return errToyHeld
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
	state.Tags, state.Attrs, state.Parents = maps.Clone(state.Tags), maps.Clone(state.Attrs), slices.Clone(t.parents)
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
	safe  bool // creation is repeated by its token instead of making a second thing
	sole  bool // by its name there can be one only
	takes time.Duration
}

type toy struct {
	toyKind
	Meta
	needs []Need
	refs  []Ref          // whose IDs creation needs
	attrs map[string]Key // attribute → the update need it waits for, or empty
	also  []Key          // further ones that all attributes wait for
	joins map[string]Ref // attribute → whose ID it has
	looks string         // what it has for life
	moves bool           // to other parents, in place
}

func (k toyKind) Kind() string        { return k.name }
func (k toyKind) Pace() Pace          { return Pace{Usual: k.takes, Leave: k.takes} }
func (k toyKind) RepeatsSafely() bool { return k.safe }
func (k toyKind) DeletedFirst() bool  { return k.sole }

func (k toyKind) List(_ context.Context, s *Look) ([]toyState, error) {
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
	case o.Leaving:
		return Leaving, "on its way out"
	case o.Ready:
		return Ready, ""
	}
	return Pending, "warming up"
}

func (k toyKind) Delete(ctx context.Context, o toyState) error {
	return k.world.mutate(ctx, "delete "+string(o.Key()), func() error {
		for _, other := range k.world.things {
			if slices.Contains(other.parents, o.ID) {
				return fmt.Errorf("%s by %s: %w", o.Key(), other.Key(), errToyHeld)
			}
		}
		k.world.watchDeletion(k, o)
		delete(k.world.things, o.ID)
		return nil
	})
}

// watchDeletion: where there is a new one, what was joined to the old one is joined to that before the old one goes.
func (w *world) watchDeletion(k toyKind, o toyState) {
	if k.sole || w.generations(o.Key()) < 2 {
		return
	}
	for _, other := range w.things {
		for _, id := range other.Attrs {
			if id == o.ID && w.generations(other.Key()) == 1 {
				w.broken = append(w.broken, fmt.Sprintf("%s was deleted while %s was joined to it", o.ID, other.Key()))
			}
		}
	}
}

// generations are how many things have the key. The mutex is held.
func (w *world) generations(key Key) (n int) {
	for _, thing := range w.things {
		if thing.Key() == key {
			n++
		}
	}
	return n
}

func (r toy) Needs() []Need { return r.needs }

func (r toy) Diff(o toyState) []Change {
	changes := r.Labels.Diff(o.Tags)
	for _, name := range slices.Sorted(maps.Keys(r.attrs)) {
		if o.Attrs[name] == "" {
			changes = append(changes, Change{Field: name, To: "on", After: r.attrs[name], Also: r.also})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.joins)) {
		if to := r.joins[name]; o.Attrs[name] == "" || o.Attrs[name] != to.ID() {
			changes = append(changes, Change{Field: name, From: o.Attrs[name], To: to.String(), After: to.Key()})
		}
	}
	if o.Attrs["looks"] != r.looks {
		changes = append(changes, Change{Field: "looks", From: o.Attrs["looks"], To: r.looks, Replace: "it looks so for life"})
	}
	if o.ID == "" { // of a thing that is not there yet its creation says all this
		return changes
	}
	for _, change := range DiffRefs("parents", o.Parents, r.refs...) {
		if !r.moves {
			change.Replace = "it has its parents for life"
		}
		changes = append(changes, change)
	}
	return changes
}

func (r toy) Create(ctx context.Context, c Claim) (toyState, error) {
	var made toyState
	err := r.world.mutate(ctx, "create "+string(r.Is), func() error {
		var parents []string
		for _, ref := range r.refs {
			if r.world.things[ref.ID()] == nil {
				return fmt.Errorf("create %s: %s is not there", r.Is, ref.Key())
			}
			parents = append(parents, ref.ID())
		}
		for _, other := range r.world.things {
			switch {
			case other.Key() != r.Is:
			case r.safe && other.Nonce() == c.Nonce, r.world.byName:
				made = other.look()
				return nil
			case r.sole && other.Owner() == c.Tags[TagOwner]:
				return fmt.Errorf("create %s: %s has that name: %w", r.Is, other.ID, errToyTaken)
			}
		}
		if r.world.generations(r.Is) > 1 {
			r.world.broken = append(r.world.broken, fmt.Sprintf("a third %s was created", r.Is))
		}
		slices.Sort(parents)
		r.world.nextID++
		thing := &toyThing{unseen: r.world.lag, readyAt: time.Now().Add(r.takes), parents: parents}
		thing.toyState = toyState{
			Identity: Identity{ID: "id-" + strconv.Itoa(r.world.nextID), Tags: maps.Clone(c.Tags)}, Attrs: map[string]string{"looks": r.looks},
		}
		thing.Dead = r.world.stillborn == r.Is
		if r.world.plain {
			thing.Attrs["looks"] = ""
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

func (r toy) Update(ctx context.Context, o toyState, changes []Change) (toyState, error) {
	var names []string
	for _, c := range changes {
		names = append(names, c.Field)
	}
	now := o
	err := r.world.mutate(ctx, "update "+string(r.Is)+" "+strings.Join(names, ","), func() error {
		thing := r.world.things[o.ID]
		thing.Tags, _, _ = r.Labels.Apply(thing.Tags, changes)
		for _, c := range changes {
			if _, ok := r.attrs[c.Field]; ok {
				thing.Attrs[c.Field] = "on"
			}
			if to, ok := r.joins[c.Field]; ok {
				if r.world.things[to.ID()] == nil {
					return fmt.Errorf("join %s: %s is not there", r.Is, to)
				}
				thing.Attrs[c.Field] = to.ID()
			}
			if c.Field == "parents" {
				thing.parents = IDs(r.refs...)
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
			j.entries[c.Key] = j.entries[c.Key].Claimed(c, time.Now())
		}
	})
}

func (j *notebook) Bind(key Key, id string) error {
	return j.write(func() {
		entry := j.entries[key].Bound(id, time.Now())
		entry.Key = key
		j.entries[key] = entry
	})
}

func (j *notebook) Forget(key Key, id string) error {
	return j.write(func() {
		left, known := j.entries[key].Without(id)
		if j.entries[key] = left; !known {
			delete(j.entries, key)
		}
	})
}

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
