package graph

import "strings"

// Key names one resource of a region for ever: "nat-gateway/a", or just "vpc" where a region has only one of a kind.
// It is also the value of the [TagKey] tag.
type Key string

// Kind is the part before the slash.
func (k Key) Kind() string {
	kind, _, _ := strings.Cut(string(k), "/")
	return kind
}

// Name is the part after the slash; empty where a kind has one resource only.
func (k Key) Name() string {
	_, name, _ := strings.Cut(string(k), "/")
	return name
}

// Join returns the key of a named resource of a kind.
func Join(kind, name string) Key {
	if name == "" {
		return Key(kind)
	}
	return Key(kind + "/" + name)
}
