package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

type schemaNode struct {
	Type        string
	Description string
	Default     any
	Enum        []any
	Properties  map[string]schemaNode
	// A schema, or false.
	AdditionalProperties json.RawMessage
	PropertyNames        *schemaNode
	Items                *schemaNode
}

func readSchema(t *testing.T) schemaNode {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root schemaNode
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
	if strings.Contains(string(overrides.AdditionalProperties), `"default"`) {
		t.Error("overrides have defaults, but what is left out of one comes from the file")
	}
}

// The reference has a row for every setting, with its default.
func TestReferenceIsComplete(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			rows[strings.Trim(cells[1], " `")] = strings.Trim(cells[2], " `")
		}
	}
	defaults := flatten(defaultDocument())
	for _, f := range fieldsOf(reflect.TypeFor[document]()) {
		got, ok := rows[strings.TrimPrefix(f.path, "defaults.")]
		want := defaults[f.path].text()
		switch {
		case !ok:
			t.Errorf("docs/configuration.md has no row for %s", f.path)
		case want != "" && got != want:
			t.Errorf("docs/configuration.md says that %s is %q by default, but it is %q", f.path, got, want)
		}
	}
	for _, path := range []string{"tags", "defaults", "overrides"} {
		if _, ok := rows[path]; !ok {
			t.Errorf("docs/configuration.md has no row for %s", path)
		}
	}
	for _, s := range outsides {
		if !strings.Contains(string(text), "`--"+s.flag+"`") || !strings.Contains(string(text), "`"+EnvName(s.flag)+"`") {
			t.Errorf("docs/configuration.md does not name --%s and %s", s.flag, EnvName(s.flag))
		}
	}
}
