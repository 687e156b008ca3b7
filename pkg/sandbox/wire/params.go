package wire

import (
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Params are the parameters of a query request, seen from a prefix: those of one item of a list are Params too. They
// are read in the order of their names.
type Params struct {
	values url.Values
	names  []string // sorted
	prefix string
	member string // "member." between a list's name and its index where the protocol has it
	reads  *Reads // may be nil
}

// NewParams are all parameters of a request.
func NewParams(values url.Values, member string) Params {
	return Params{values: values, names: slices.Sorted(maps.Keys(values)), member: member}
}

// Prefix is what the full names of these parameters start with.
func (p Params) Prefix() string { return p.prefix }

// All are the parameters with their values, by their names after the prefix. None of them counts as read by that.
func (p Params) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, name := range p.below(p.prefix) {
			for _, value := range p.values[name] {
				if !yield(name[len(p.prefix):], value) {
					return
				}
			}
		}
	}
}

// below are the full names that start with a lead.
func (p Params) below(lead string) []string {
	first, _ := slices.BinarySearch(p.names, lead)
	end := first
	for end < len(p.names) && strings.HasPrefix(p.names[end], lead) {
		end++
	}
	return p.names[first:end]
}

// Str is a parameter's value, empty if it was not sent.
func (p Params) Str(name string) string {
	p.reads.note(p.prefix + name)
	return p.values.Get(p.prefix + name)
}

// Has says whether a parameter was sent.
func (p Params) Has(name string) bool {
	p.reads.note(p.prefix + name)
	return p.values.Has(p.prefix + name)
}

// Need is Str for a parameter that must be there.
func (p Params) Need(name string) (string, error) {
	if v := p.Str(name); v != "" {
		return v, nil
	}
	return "", Missing(p.prefix + name)
}

// Flag says whether a parameter is true.
func (p Params) Flag(name string) bool { return strings.EqualFold(p.Str(name), "true") }

// Num is a whole number, or byDefault if it was not sent.
func (p Params) Num(name string, byDefault int) (int, error) {
	v := p.Str(name)
	if v == "" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, BadValue(p.prefix+name, v)
	}
	return n, nil
}

// OptionalNum is nil if the parameter was not sent.
func (p Params) OptionalNum(name string) (*int, error) {
	if !p.Has(name) {
		return nil, nil
	}
	n, err := p.Num(name, 0)
	return &n, err
}

// In is a structure's own parameters: In("Ebs").Str("VolumeSize") is Ebs.VolumeSize.
func (p Params) In(name string) Params {
	p.prefix += name + "."
	return p
}

// List is a list of plain values, in the order of their indices.
func (p Params) List(name string) []string {
	var out []string
	for _, key := range p.indices(name) {
		if v, ok := p.values[key]; ok {
			p.reads.note(key)
			out = append(out, v[0])
		}
	}
	return out
}

// Items are the members of a list of structures.
func (p Params) Items(name string) iter.Seq[Params] {
	return func(yield func(Params) bool) {
		for _, key := range p.indices(name) {
			item := p
			item.prefix = key + "."
			if !yield(item) {
				return
			}
		}
	}
}

// OptionalFlag is nil if the parameter was not sent.
func (p Params) OptionalFlag(name string) *bool {
	if !p.Has(name) {
		return nil
	}
	v := p.Flag(name)
	return &v
}

// HasList says whether a list was sent.
func (p Params) HasList(name string) bool { return len(p.indices(name)) > 0 }

// indices are the keys of a list's members, without what follows their numbers. Numbers may have gaps.
func (p Params) indices(name string) []string {
	p.reads.note(p.prefix + name) // what an empty list is sent as
	lead := p.prefix + name + "." + p.member
	found := map[int]string{}
	for _, key := range p.below(lead) {
		digits, _, _ := strings.Cut(key[len(lead):], ".")
		if n, err := strconv.Atoi(digits); err == nil && n >= 0 {
			found[n] = lead + digits
		}
	}
	out := make([]string, 0, len(found))
	for _, n := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[n])
	}
	return out
}
