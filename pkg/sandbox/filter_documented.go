package sandbox

import (
	_ "embed"
	"strings"
)

//go:embed filters.txt
var filtersText string

// documented are the filters of EC2's describe calls, by action, as the "Filters" of each request in the EC2 API Reference
// (and in the comments of the SDK for Go, from which filters.txt is read) name them. Those of tags are there as "tag".
var documented = func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for line := range strings.Lines(filtersText) {
		words := strings.Fields(line)
		out[words[0]] = map[string]bool{}
		for _, name := range words[1:] {
			out[words[0]][name] = true
		}
	}
	return out
}()

// noFilter is the answer for a filter that the sandbox does not have. AWS's words are only for those that AWS does not have
// either.
func (c *call) noFilter(name string) *Error {
	if plain, _, _ := strings.Cut(name, ":"); name != "tag" && documented[c.action][plain] {
		return notImplemented("The sandbox does not implement the filter %s of %s", name, c.action)
	}
	return fail("InvalidParameterValue", "The filter '%s' is invalid", name)
}
