package sandbox

import (
	"slices"
	"strings"
)

// fields are the values that a thing offers to each filter of its describe call, by the filter's name.
type fields[T any] map[string]func(*T) []string

// one is the field of a single value.
func one[T any](value func(*T) string) func(*T) []string {
	return func(thing *T) []string { return []string{value(thing)} }
}

// yes is the field of a condition.
func yes[T any](holds func(*T) bool) func(*T) []string {
	return func(thing *T) []string {
		if holds(thing) {
			return []string{"true"}
		}
		return []string{"false"}
	}
}

// selector is one filter of a call: any of its values must match one of the thing's.
type selector[T any] struct {
	offers func(*T) []string
	values []string
}

// selectors reads the filters of a call. Tags are filters of everything that has them.
func selectors[T any](c *call, known fields[T]) ([]selector[T], error) {
	var out []selector[T]
	for item := range c.Items("Filter") {
		name := item.Str("Name")
		offers := known[name]
		if offers == nil {
			offers = tagField[T](name)
		}
		if offers == nil {
			return nil, c.noFilter(name)
		}
		values := item.List("Value")
		if len(values) > 200 {
			return nil, fail("FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200")
		}
		out = append(out, selector[T]{offers, values})
	}
	return out, nil
}

func tagField[T any](name string) func(*T) []string {
	if _, can := any((*T)(nil)).(tagged); !can {
		return nil
	}
	key, isTag := strings.CutPrefix(name, "tag:")
	if !isTag && name != "tag-key" {
		return nil
	}
	return func(thing *T) []string {
		var out []string
		for _, t := range any(thing).(tagged).tagged().Tags {
			switch {
			case !isTag:
				out = append(out, t.Key)
			case t.Key == key:
				out = append(out, t.Value)
			}
		}
		return out
	}
}

func selected[T any](thing *T, by []selector[T]) bool {
	for _, s := range by {
		offered := s.offers(thing)
		if !slices.ContainsFunc(s.values, func(pattern string) bool {
			return slices.ContainsFunc(offered, func(value string) bool { return like(pattern, value) })
		}) {
			return false
		}
	}
	return true
}

// like matches a value with a pattern where * is any text and ? any character; a backslash takes their meaning away.
func like(pattern, value string) bool {
	star, retry := -1, 0 // the last * and where the text after it was last tried
	p, v := 0, 0
	for v < len(value) {
		escaped := p+1 < len(pattern) && pattern[p] == '\\'
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, v
			p++
		case escaped && pattern[p+1] == value[v]:
			p, v = p+2, v+1
		case !escaped && p < len(pattern) && (pattern[p] == '?' || pattern[p] == value[v]):
			p, v = p+1, v+1
		case star >= 0:
			retry++
			p, v = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
