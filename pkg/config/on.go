package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// On says whether a setting asks for something: one of those at or below the path, such as "network.flow_logs", has a
// value that is neither empty nor a word for nothing. It panics for a path that no setting has: only code names them.
func (s Settings) On(path string) bool {
	v, known := reflect.ValueOf(s), false
	for _, f := range fieldsOf(v.Type()) {
		if f.path != path && !strings.HasPrefix(f.path, path+".") {
			continue
		}
		known = true
		of := v.FieldByIndex(f.index)
		if !of.IsZero() && !slices.Contains([]string{"none", "off"}, fmt.Sprint(of.Interface())) {
			return true
		}
	}
	if !known {
		panic(fmt.Sprintf("there is no setting %q", path))
	}
	return false
}
