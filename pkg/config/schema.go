package config

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"sync"
	"time"
)

// Schema is the JSON Schema (draft 2020-12) of the file, for editors and other tools.
func Schema() ([]byte, error) {
	s := reflectSchema()
	s.Version = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "provision.yaml"
	for path, v := range flatten(defaultDocument()) {
		if !v.isZero() {
			schemaAt(s, path).Default = v.text()
			if n, isInt := v.data.(int); isInt {
				schemaAt(s, path).Default = n
			}
		}
	}
	regions := &schemaNode{Type: "string"}
	for _, region := range KnownRegions() {
		regions.Enum = append(regions.Enum, region)
	}
	schemaAt(s, "regions").Items = regions
	schemaAt(s, "overrides").PropertyNames = regions
	target := schemaAt(s, "targets").AdditionalProperties
	schemaAt(target, "regions").Items = regions
	schemaAt(target, "overrides").PropertyNames = regions
	return json.MarshalIndent(s, "", "  ")
}

// rules is the schema that values are checked against: one source for the editor and for [Load].
var rules = sync.OnceValue(reflectSchema)

func reflectSchema() *schemaNode {
	s := schemaOf(reflect.TypeFor[document]())
	annotate(s, "")
	annotate(schemaAt(s, "defaults"), "")
	annotate(schemaAt(s, "overrides").AdditionalProperties, "")
	annotateTarget(schemaAt(s, "targets"))
	return s
}

// schemaOf is the schema of a Go type. Nothing is required, and no field is allowed that the type lacks.
func schemaOf(t reflect.Type) *schemaNode {
	switch t {
	case reflect.TypeFor[time.Duration]():
		return &schemaNode{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
	case reflect.TypeFor[netip.Prefix]():
		return &schemaNode{Type: "string", Pattern: `^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$`}
	}
	switch t.Kind() {
	case reflect.Struct:
		return schemaOfStruct(t)
	case reflect.Map:
		return &schemaNode{Type: "object", AdditionalProperties: schemaOf(t.Elem())}
	case reflect.Slice:
		return &schemaNode{Type: "array", Items: schemaOf(t.Elem())}
	case reflect.Int:
		return &schemaNode{Type: "integer"}
	case reflect.Bool:
		return &schemaNode{Type: "boolean"}
	case reflect.String:
		return &schemaNode{Type: "string"}
	}
	panic("no schema for a setting of type " + t.String())
}

func schemaOfStruct(t reflect.Type) *schemaNode {
	s := &schemaNode{Type: "object", AdditionalProperties: nothing}
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "-" {
			node := schemaOf(f.Type)
			node.limit(f.Tag.Get("jsonschema"), f.Type)
			s.Properties = append(s.Properties, schemaProperty{name, node})
		}
	}
	return s
}

// annotateTarget describes a target, which holds what the file does, and bounds its name, which is a part of paths.
func annotateTarget(targets *schemaNode) {
	longest := int64(40)
	targets.PropertyNames = &schemaNode{
		Type: "string", Pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", MaxLength: &longest, Description: descriptions["targets.name"],
	}
	target := targets.AdditionalProperties
	annotate(target, "targets")
	annotate(schemaAt(target, "defaults"), "")
	annotate(schemaAt(target, "overrides").AdditionalProperties, "")
}

// annotate puts the descriptions on the settings below s, which is the schema of a mapping.
func annotate(s *schemaNode, path string) {
	for _, below := range s.Properties {
		field := join(path, below.name)
		below.node.Description = descriptions[field]
		if below.node.Properties != nil {
			annotate(below.node, field)
		}
	}
}
