package sandbox

import (
	"encoding/json"
	"iter"
	"slices"
)

// kind is a collection of things of one type that every region has. A thing's fields are what is persisted, as JSON,
// so they are exported.
type kind[T any] struct {
	name   string // as in TagSpecification.ResourceType, where it has one there
	prefix string // of its IDs, without the dash; empty if they have none
	index  int
}

// kindInfo is what the core knows of a kind without its type.
type kindInfo struct {
	name, prefix string
	empty        func() collection
}

// collection is the things of a kind in a region.
type collection interface {
	json.Marshaler
	json.Unmarshaler
	thing(id string) any
	each(yield func(id string, thing any) bool)
}

var kinds []kindInfo

// newKind declares a kind. The name is unique, and part of the persisted form.
func newKind[T any](name, prefix string) kind[T] {
	kinds = append(kinds, kindInfo{name, prefix, func() collection { return &rows[T]{byID: map[string]*row[T]{}} }})
	return kind[T]{name: name, prefix: prefix, index: len(kinds) - 1}
}

// get is the thing with that ID, nil if there is none.
func (k kind[T]) get(r *region, id string) *T {
	if found := k.rows(r).byID[id]; found != nil {
		return found.Thing
	}
	return nil
}

// put adds a thing. It is then seen by reads as late as the read lag says.
func (k kind[T]) put(r *region, id string, thing *T) {
	rows := k.rows(r)
	if rows.byID[id] == nil {
		rows.order = append(rows.order, id)
	}
	rows.last++
	rows.byID[id] = &row[T]{ID: id, Nr: rows.last, Thing: thing, Unseen: r.account.sandbox.options.ReadLag}
	r.announce(id)
	r.touch()
}

// drop removes a thing, if it is there.
func (k kind[T]) drop(r *region, id string) {
	rows := k.rows(r)
	if rows.byID[id] == nil {
		return
	}
	delete(rows.byID, id)
	rows.order = slices.DeleteFunc(slices.Clone(rows.order), func(other string) bool { return other == id })
	r.touch()
}

// all are the things in the order of their creation. Things may be dropped meanwhile.
func (k kind[T]) all(r *region) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		rows := k.rows(r)
		for _, id := range rows.order {
			if found := rows.byID[id]; found != nil && !yield(found.Thing) {
				return
			}
		}
	}
}

func (k kind[T]) count(r *region) int { return len(k.rows(r).order) }

// where are the things for which a condition holds.
func (k kind[T]) where(r *region, holds func(*T) bool) []*T {
	var out []*T
	for thing := range k.all(r) {
		if holds(thing) {
			out = append(out, thing)
		}
	}
	return out
}

// any says whether a condition holds for one of the things.
func (k kind[T]) any(r *region, holds func(*T) bool) bool {
	for thing := range k.all(r) {
		if holds(thing) {
			return true
		}
	}
	return false
}

// seen is what a read of the kind sees, in the order of creation; it counts as a read for what it does not see yet.
func (k kind[T]) seen(r *region) []*row[T] {
	rows := k.rows(r)
	out := make([]*row[T], 0, len(rows.order))
	for _, id := range rows.order {
		found := rows.byID[id]
		if found.Unseen > 0 {
			found.Unseen--
			continue
		}
		out = append(out, found)
	}
	return out
}

func (k kind[T]) rows(r *region) *rows[T] { return r.collection(k.index).(*rows[T]) }

type rows[T any] struct {
	order []string
	byID  map[string]*row[T]
	last  int // the highest number given
}

type row[T any] struct {
	ID     string
	Nr     int // in the order of creation
	Unseen int `json:",omitempty"` // how many more reads do not see it yet
	Thing  *T
}

func (rs *rows[T]) thing(id string) any {
	if found := rs.byID[id]; found != nil {
		return found.Thing
	}
	return nil
}

func (rs *rows[T]) each(yield func(string, any) bool) {
	for _, id := range rs.order {
		if !yield(id, rs.byID[id].Thing) {
			return
		}
	}
}

// MarshalJSON implements [json.Marshaler].
func (rs *rows[T]) MarshalJSON() ([]byte, error) {
	list := make([]*row[T], 0, len(rs.order))
	for _, id := range rs.order {
		list = append(list, rs.byID[id])
	}
	return json.Marshal(list)
}

// UnmarshalJSON implements [json.Unmarshaler].
func (rs *rows[T]) UnmarshalJSON(data []byte) error {
	var list []*row[T]
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	for _, found := range list {
		rs.order = append(rs.order, found.ID)
		rs.byID[found.ID] = found
		rs.last = max(rs.last, found.Nr)
	}
	return nil
}
