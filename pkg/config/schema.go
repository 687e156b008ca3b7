package config

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"sync"
	"time"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (draft 2020-12) of the file, for editors and other tools.
func Schema() ([]byte, error) {
	s := reflectSchema()
	s.Version = jsonschema.Version
	s.Title = "provision.yaml"
	for path, v := range flatten(defaultDocument()) {
		if !v.isZero() {
			schemaAt(s, path).Default = v.text()
			if n, isInt := v.data.(int); isInt {
				schemaAt(s, path).Default = n
			}
		}
	}
	regions := &jsonschema.Schema{Type: "string"}
	for _, region := range KnownRegions() {
		regions.Enum = append(regions.Enum, region)
	}
	schemaAt(s, "regions").Items = regions
	schemaAt(s, "overrides").PropertyNames = regions
	return json.MarshalIndent(s, "", "  ")
}

// rules is the schema that values are checked against: one source for the editor and for [Load].
var rules = sync.OnceValue(reflectSchema)

func reflectSchema() *jsonschema.Schema {
	r := jsonschema.Reflector{
		FieldNameTag:               "yaml",
		Anonymous:                  true,
		DoNotReference:             true,
		RequiredFromJSONSchemaTags: true, // nothing is required
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case reflect.TypeFor[time.Duration]():
				return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`}
			case reflect.TypeFor[netip.Prefix]():
				return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$`}
			}
			return nil
		},
	}
	s := r.ReflectFromType(reflect.TypeFor[document]())
	annotate(s, "")
	annotate(schemaAt(s, "defaults"), "")
	annotate(schemaAt(s, "overrides").AdditionalProperties, "")
	return s
}

// annotate puts the descriptions on the settings below s, which is the schema of a mapping.
func annotate(s *jsonschema.Schema, path string) {
	for below := s.Properties.Oldest(); below != nil; below = below.Next() {
		field := join(path, below.Key)
		below.Value.Description = descriptions[field]
		if below.Value.Properties != nil {
			annotate(below.Value, field)
		}
	}
}
