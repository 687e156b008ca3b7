package config

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// field is one setting of a struct: a scalar or a list.
type field struct {
	path  string // such as "network.azs"
	index []int  // for reflect.Value.FieldByIndex
}

// value is a setting with the place it comes from.
type value struct {
	data  any
	path  string   // in the file, such as "defaults.network.azs"
	at    Origin   // of the value
	items []Origin // of each item, if it is a list
	bad   bool     // what was written is wrong and reported; data is what a weaker layer says
}

// layer holds settings by their path. Those of a stronger layer replace those of a weaker one, path by path: so maps
// merge deeply, and lists, being one setting, replace.
type layer map[string]value

// merged is what the layers say together, the weakest first.
func merged(layers ...layer) layer {
	all := layer{}
	for _, l := range layers {
		for path, v := range l {
			if v.bad && v.data == nil {
				v.data = all[path].data
			}
			all[path] = v
		}
	}
	return all
}

// under is the part of a layer below a path, with the path cut off.
func (l layer) under(path string) layer {
	part := layer{}
	for full, v := range l {
		if rest, ok := strings.CutPrefix(full, path+"."); ok {
			part[rest] = v
		}
	}
	return part
}

// fieldsOf lists the settings of a struct in their order. Maps are not among them.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("yaml")
		switch {
		case name == "-" || f.Type.Kind() == reflect.Map:
		case isSection(f.Type):
			for _, below := range fieldsOf(f.Type) {
				all = append(all, field{name + "." + below.path, append([]int{i}, below.index...)})
			}
		default:
			all = append(all, field{name, []int{i}})
		}
	}
	return all
}

func isSection(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[netip.Prefix]()
}

// flatten is a struct as a layer of defaults.
func flatten(from any) layer {
	v, l := reflect.ValueOf(from), layer{}
	for _, f := range fieldsOf(v.Type()) {
		l[f.path] = value{data: v.FieldByIndex(f.index).Interface(), path: f.path, at: Origin{Source: FromDefault}}
	}
	return l
}

// fill sets the fields of the struct that into points to from the layer.
func (l layer) fill(into any) {
	v := reflect.ValueOf(into).Elem()
	for _, f := range fieldsOf(v.Type()) {
		if set, ok := l[f.path]; ok && set.data != nil {
			v.FieldByIndex(f.index).Set(reflect.ValueOf(set.data))
		}
	}
}

// replace changes a setting and leaves where it comes from.
func (l layer) replace(path string, data any) {
	v := l[path]
	v.data = data
	l[path] = v
}

// listOf is a list as the file has it; nil if there is none.
func listOf(v value) []string {
	list, _ := v.data.([]string)
	return list
}

// schemaAt is the part of the schema that describes the setting with this path.
func schemaAt(s *schemaNode, path string) *schemaNode {
	for name := range strings.SplitSeq(path, ".") {
		s = s.Properties.get(name)
	}
	return s
}

func (v value) isZero() bool {
	return v.data == nil || reflect.ValueOf(v.data).IsZero()
}

// text is the value as the file would have it.
func (v value) text() string {
	switch data := v.data.(type) {
	case time.Duration:
		return formatDuration(data)
	case netip.Prefix:
		if !data.IsValid() {
			return ""
		}
		return data.String()
	case []string:
		return strings.Join(data, ", ")
	case int:
		return strconv.Itoa(data)
	case bool:
		return strconv.FormatBool(data)
	case nil:
		return ""
	}
	return reflect.ValueOf(v.data).String()
}

// formatDuration leaves out the zero units that time.Duration prints: 5m, not 5m0s.
func formatDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
