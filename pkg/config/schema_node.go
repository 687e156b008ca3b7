package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// schemaNode is the part of JSON Schema that the file needs, in the order in which it is written. It is our own, since a
// library for it brings a second YAML parser and half a megabyte into the program.
type schemaNode struct {
	Version              string           `json:"$schema,omitempty"`
	Items                *schemaNode      `json:"items,omitempty"`
	Properties           schemaProperties `json:"properties,omitempty"`
	AdditionalProperties *schemaNode      `json:"additionalProperties,omitempty"`
	PropertyNames        *schemaNode      `json:"propertyNames,omitempty"`
	Type                 string           `json:"type,omitempty"`
	Enum                 []any            `json:"enum,omitempty"`
	Maximum              *int64           `json:"maximum,omitempty"`
	Minimum              *int64           `json:"minimum,omitempty"`
	MaxLength            *int64           `json:"maxLength,omitempty"`
	Pattern              string           `json:"pattern,omitempty"`
	UniqueItems          bool             `json:"uniqueItems,omitempty"`
	Title                string           `json:"title,omitempty"`
	Description          string           `json:"description,omitempty"`
	Default              any              `json:"default,omitempty"`
}

// nothing is the schema that no value fits.
var nothing = &schemaNode{}

// MarshalJSON writes [nothing] as false.
func (s *schemaNode) MarshalJSON() ([]byte, error) {
	if s == nothing {
		return []byte("false"), nil
	}
	type plain schemaNode
	return json.Marshal((*plain)(s))
}

type schemaProperty struct {
	name string
	node *schemaNode
}

// schemaProperties are the settings of a mapping, in the order of the struct that it is read into.
type schemaProperties []schemaProperty

func (p schemaProperties) get(name string) *schemaNode {
	for _, one := range p {
		if one.name == name {
			return one.node
		}
	}
	return nil
}

// MarshalJSON keeps the order, which a map would lose.
func (p schemaProperties) MarshalJSON() ([]byte, error) {
	fields := make([]string, len(p))
	for i, one := range p {
		node, err := json.Marshal(one.node)
		if err != nil {
			return nil, err
		}
		fields[i] = fmt.Sprintf("%q:%s", one.name, node)
	}
	return []byte("{" + strings.Join(fields, ",") + "}"), nil
}

// limit adds what the tag of a field says, such as "minimum=1,maximum=9". A comma of a pattern's own is written \,
func (s *schemaNode) limit(tag string, t reflect.Type) {
	for _, word := range splitTag.FindAllString(tag, -1) {
		name, text, _ := strings.Cut(strings.ReplaceAll(word, `\,`, ","), "=")
		switch name {
		case "minimum":
			s.Minimum = number(text)
		case "maximum":
			s.Maximum = number(text)
		case "maxLength":
			s.MaxLength = number(text)
		case "pattern":
			s.Pattern = text
		case "uniqueItems":
			s.UniqueItems = text == "true"
		case "enum":
			s.Enum = append(s.Enum, enumerated(text, t))
		default:
			panic("no such limit of a setting: " + word)
		}
	}
}

var splitTag = regexp.MustCompile(`(\\,|[^,])+`)

func number(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return &n
}

func enumerated(text string, t reflect.Type) any {
	if t.Kind() == reflect.Int {
		return *number(text)
	}
	return text
}
