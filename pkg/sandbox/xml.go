package sandbox

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
// by ">" and that of the members. What is empty is left out, as AWS does; ",empty" writes it nevertheless. Lists,
// numbers and booleans are always written. encoding/xml would cost as much as all the rest of a call.

const wireTime = "2006-01-02T15:04:05.000Z"

type wireField struct {
	index        []int
	name, member string
	empty        bool
}

var wirePlans sync.Map // reflect.Type to []wireField

func wirePlan(t reflect.Type) []wireField {
	if plan, ok := wirePlans.Load(t); ok {
		return plan.([]wireField)
	}
	var plan []wireField
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("wire")
		if !ok || tag == "-" {
			continue
		}
		name, option, _ := strings.Cut(tag, ",")
		name, member, _ := strings.Cut(name, ">")
		plan = append(plan, wireField{index: f.Index, name: name, member: member, empty: option == "empty"})
	}
	wirePlans.Store(t, plan)
	return plan
}

// writeWire writes the fields of v, a struct or a pointer to one, without an element around them.
func writeWire(b *bytes.Buffer, v any) {
	if v == nil {
		return
	}
	writeFields(b, reflect.Indirect(reflect.ValueOf(v)))
}

func writeFields(b *bytes.Buffer, v reflect.Value) {
	if !v.IsValid() {
		return
	}
	for _, f := range wirePlan(v.Type()) {
		field, err := v.FieldByIndexErr(f.index)
		if err != nil {
			continue // in an embedded struct that is nil
		}
		writeField(b, f, field)
	}
}

func writeField(b *bytes.Buffer, f wireField, v reflect.Value) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Slice:
		openTag(b, f.name)
		for i := range v.Len() {
			writeField(b, wireField{name: f.member, empty: true}, v.Index(i))
		}
		closeTag(b, f.name)
		return
	case v.Kind() == reflect.String && v.Len() == 0 && !f.empty:
		return
	}
	if at, ok := reflect.TypeAssert[time.Time](v); ok {
		if !at.IsZero() {
			element(b, f.name, at.UTC().Format(wireTime))
		}
		return
	}
	openTag(b, f.name)
	writeValue(b, v)
	closeTag(b, f.name)
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
		panic("sandbox: no wire form for " + v.Type().String())
	}
}

func element(b *bytes.Buffer, name, text string) {
	openTag(b, name)
	escape(b, text)
	closeTag(b, name)
}

func openTag(b *bytes.Buffer, name string) {
	b.WriteByte('<')
	b.WriteString(name)
	b.WriteByte('>')
}

func closeTag(b *bytes.Buffer, name string) {
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
