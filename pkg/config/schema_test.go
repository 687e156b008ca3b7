package config

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

type parsedSchema struct {
	Type        string
	Description string
	Default     any
	Enum        []any
	Properties  map[string]parsedSchema
	// A schema, or false.
	AdditionalProperties json.RawMessage
	PropertyNames        *parsedSchema
	Items                *parsedSchema
}

func readSchema(t *testing.T) parsedSchema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root parsedSchema
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestSchemaDescribesEverySetting(t *testing.T) {
	root := readSchema(t)
	for _, f := range fieldsOf(reflect.TypeFor[document]()) {
		node := root
		for name := range strings.SplitSeq(f.path, ".") {
			if string(node.AdditionalProperties) != "false" {
				t.Errorf("%s: what is above it allows unknown fields", f.path)
			}
			node = node.Properties[name]
		}
		if node.Type == "" || node.Description == "" {
			t.Errorf("%s: no type or description: %+v", f.path, node)
		}
	}
}

func TestSchemaKnowsRegionsAndDefaults(t *testing.T) {
	root := readSchema(t)
	regions, overrides := root.Properties["regions"], root.Properties["overrides"]
	if got := len(regions.Items.Enum); got != len(regionIndex) {
		t.Errorf("regions allows %d names", got)
	}
	if got := len(overrides.PropertyNames.Enum); got != len(regionIndex) {
		t.Errorf("overrides allows %d names", got)
	}
	network := root.Properties["defaults"].Properties["network"]
	if got := network.Properties["azs"].Default; got != 3.0 {
		t.Errorf("azs has the default %v", got)
	}
	if got := network.Properties["nat"]; got.Default != "per-az" || len(got.Enum) != 4 {
		t.Errorf("nat has the default %v of %v", got.Default, got.Enum)
	}
	var target parsedSchema
	if err := json.Unmarshal(root.Properties["targets"].AdditionalProperties, &target); err != nil {
		t.Fatal(err)
	}
	for name, node := range target.Properties {
		if node.Description == "" || node.Type == "" {
			t.Errorf("a target's %s has no type or description: %+v", name, node)
		}
	}
	if got := len(target.Properties["regions"].Items.Enum); got != len(regionIndex) {
		t.Errorf("a target's regions allow %d names", got)
	}
	if strings.Contains(string(overrides.AdditionalProperties), `"default"`) {
		t.Error("overrides have defaults, but what is left out of one comes from the file")
	}
}
