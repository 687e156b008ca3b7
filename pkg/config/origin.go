package config

import (
	"fmt"
)

// Source is the kind of place that a setting comes from.
type Source string

// The sources, from the weakest to the strongest; a derived setting was computed from others.
const (
	FromDefault Source = "default"
	FromFile    Source = "file"
	FromEnv     Source = "env"
	FromFlag    Source = "flag"
	Derived     Source = "derived"
)

// Origin says where a setting comes from.
type Origin struct {
	Source Source `json:"source"`
	Name   string `json:"name,omitempty"`   // the file, the variable, the flag, or what it was derived from
	Line   int    `json:"line,omitempty"`   // in the file, from 1
	Column int    `json:"column,omitempty"` // in the line, in characters from 1

	width int // characters that a caret line marks
}

func (o Origin) String() string {
	switch o.Source {
	case FromFile:
		if o.Line == 0 {
			return o.Name
		}
		return fmt.Sprintf("%s:%d:%d", o.Name, o.Line, o.Column)
	case FromDefault:
		return string(FromDefault)
	case Derived:
		return "from " + o.Name
	}
	return o.Name
}

// RegionsGiven says whether the regions were asked for now, by a flag or a variable, rather than once and for all in the
// file.
func (c *Config) RegionsGiven() bool {
	source := c.merged["regions"].at.Source
	return source == FromFlag || source == FromEnv
}
