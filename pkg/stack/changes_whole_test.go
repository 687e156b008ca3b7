package stack_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"provision/pkg/config"
)

// noChange are the settings that are not a change of a stack; the page says why.
var noChange = []string{
	"version", "name", "state.path", "state.s3", "state.bucket_owner", "state.kms_key", "targets", "overrides",
}

// fewValues is up to how many values a setting can have for each to be in a row.
const fewValues = 6

// settingSchema is what this test reads of the settings' schema.
type settingSchema struct {
	Enum       []any                    `json:"enum"`
	Properties map[string]settingSchema `json:"properties"`
}

// each calls do for every setting.
func (s settingSchema) each(path string, do func(path string, values []any)) {
	if len(s.Properties) == 0 {
		do(path, s.Enum)
		return
	}
	for name, below := range s.Properties {
		if path != "" && path != "defaults" {
			name = path + "." + name
		}
		below.each(name, do)
	}
}

// Every setting is in a row of the page, and each value of those that have few; each row is of a setting that there is.
func TestChangesAreOfAllSettings(t *testing.T) {
	text, err := config.Schema()
	must(t, err)
	var schema settingSchema
	must(t, json.Unmarshal(text, &schema))
	known := map[string]bool{"tags.team": true}
	schema.each("", func(path string, values []any) {
		if path == "tags" {
			path = "tags.team"
		}
		known[path] = true
		rows := slices.DeleteFunc(slices.Clone(changeRows), func(r changeRow) bool { return r.setting != path })
		if (len(rows) == 0) != slices.Contains(noChange, path) {
			t.Errorf("%s is in %d rows", path, len(rows))
		}
		for _, value := range values {
			has := func(r changeRow) bool { return r.from == fmt.Sprint(value) || r.to == fmt.Sprint(value) }
			if len(values) <= fewValues && len(rows) > 0 && !slices.ContainsFunc(rows, has) {
				t.Errorf("%s: %v is in no row", path, value)
			}
		}
	})
	for _, row := range changeRows {
		if !known[row.setting] {
			t.Errorf("%s is no setting", row.setting)
		}
	}
}
