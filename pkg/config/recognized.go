package config

import (
	"bytes"
	"reflect"
)

// Recognized says whether the start of a file has a line that starts with a setting of the top: it is a settings file then,
// even one with mistakes.
func Recognized(head []byte) bool {
	for line := range bytes.Lines(head) {
		key, _, found := bytes.Cut(line, []byte(":"))
		for f := range reflect.TypeFor[document]().Fields() {
			if found && string(key) == f.Tag.Get("yaml") {
				return true
			}
		}
	}
	return false
}
