package sandbox

import (
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// params are the parameters of a query request, seen from a prefix: those of one item of a list are params too.
type params struct {
	values url.Values
	prefix string
	member string // "member." between a list's name and its index where the protocol has it
}

// str is a parameter's value, empty if it was not sent.
func (p params) str(name string) string { return p.values.Get(p.prefix + name) }

func (p params) has(name string) bool { return p.values.Has(p.prefix + name) }

// need is str for a parameter that must be there.
func (p params) need(name string) (string, error) {
	if v := p.str(name); v != "" {
		return v, nil
	}
	return "", missing(p.prefix + name)
}

func (p params) flag(name string) bool { return strings.EqualFold(p.str(name), "true") }

// num is a whole number, or byDefault if it was not sent.
func (p params) num(name string, byDefault int) (int, error) {
	v := p.str(name)
	if v == "" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, badValue(p.prefix+name, v)
	}
	return n, nil
}

// in is a structure's own parameters: in("Ebs").str("VolumeSize") is Ebs.VolumeSize.
func (p params) in(name string) params {
	p.prefix += name + "."
	return p
}

// list is a list of plain values, in the order of their indices.
func (p params) list(name string) []string {
	var out []string
	for _, key := range p.indices(name) {
		if v, ok := p.values[key]; ok {
			out = append(out, v[0])
		}
	}
	return out
}

// items are the members of a list of structures.
func (p params) items(name string) iter.Seq[params] {
	return func(yield func(params) bool) {
		for _, key := range p.indices(name) {
			if !yield(params{values: p.values, prefix: key + ".", member: p.member}) {
				return
			}
		}
	}
}

// indices are the keys of a list's members, without what follows their numbers. Numbers may have gaps.
func (p params) indices(name string) []string {
	lead := p.prefix + name + "." + p.member
	found := map[int]string{}
	for key := range p.values {
		rest, ok := strings.CutPrefix(key, lead)
		if !ok {
			continue
		}
		digits, _, _ := strings.Cut(rest, ".")
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
