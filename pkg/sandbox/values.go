package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// orElse is a value, or another where it is empty.
func orElse(value, byDefault string) string {
	if value == "" {
		return byDefault
	}
	return value
}

// latest of some times.
func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// uuid is an identifier as Auto Scaling writes them.
func (r *region) uuid() string {
	a, b := r.draw("uuid"), r.draw("uuid")
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}
