package wire

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The answers of the query protocols are written from the field tag `wire`: the element's name, for lists followed
// by ">" and that of the members. Empty values are left out, as AWS does; ",empty" writes it nevertheless. Lists,
// numbers and booleans are always written. encoding/xml would cost as much as all the rest of a call.

// Time is how the protocols write a time.
const Time = "2006-01-02T15:04:05.000Z"

type field struct {
	index        []int
	name, member string
	empty        bool
}

var plans sync.Map // reflect.Type to []field

func planOf(t reflect.Type) []field {
	if plan, ok := plans.Load(t); ok {
		return plan.([]field)
	}
	var plan []field
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("wire")
		if !ok || tag == "-" {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		name, member, _ := strings.Cut(name, ">")
		plan = append(plan, field{index: f.Index, name: name, member: member, empty: option == "empty"})
	}
	plans.Store(t, plan)
	return plan
}

// Write writes the fields of v, a struct or a pointer to one, without an element around them.
func Write(b *bytes.Buffer, v any) {
	if v == nil {
		return
	}
	writeFields(b, reflect.Indirect(reflect.ValueOf(v)))
}

func writeFields(b *bytes.Buffer, v reflect.Value) {
	if !v.IsValid() {
		return
	}
	for _, f := range planOf(v.Type()) {
		field, err := v.FieldByIndexErr(f.index)
		if err != nil {
			continue // in an embedded struct that is nil
		}
		writeField(b, f, field)
	}
}

func writeField(b *bytes.Buffer, f field, v reflect.Value) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Slice:
		OpenTag(b, f.name)
		for i := range v.Len() {
			writeField(b, field{name: f.member, empty: true}, v.Index(i))
		}
		CloseTag(b, f.name)
		return
	case v.Kind() == reflect.String && v.Len() == 0 && !f.empty:
		return
	}
	if at, ok := reflect.TypeAssert[time.Time](v); ok {
		if !at.IsZero() {
			Element(b, f.name, at.UTC().Format(Time))
		}
		return
	}
	OpenTag(b, f.name)
	writeValue(b, v)
	CloseTag(b, f.name)
}

func writeValue(b *bytes.Buffer, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		escape(b, v.String())
	case reflect.Bool:
		b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int32, reflect.Int64:
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Float64:
		b.WriteString(strconv.FormatFloat(v.Float(), 'f', -1, 64))
	case reflect.Struct:
		writeFields(b, v)
	default:
		panic("wire: no wire form for " + v.Type().String())
	}
}

// Element writes an element with a text.
func Element(b *bytes.Buffer, name, text string) {
	OpenTag(b, name)
	escape(b, text)
	CloseTag(b, name)
}

// OpenTag writes the start of an element.
func OpenTag(b *bytes.Buffer, name string) {
	b.WriteByte('<')
	b.WriteString(name)
	b.WriteByte('>')
}

// CloseTag writes the end of an element.
func CloseTag(b *bytes.Buffer, name string) {
	b.WriteString("</")
	b.WriteString(name)
	b.WriteByte('>')
}

func escape(b *bytes.Buffer, s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			_ = xml.EscapeText(b, []byte(s)) // a buffer takes everything
			return
		}
	}
	b.WriteString(s)
}
