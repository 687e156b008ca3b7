package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

// strictSchema is a published schema, and also refuses properties that it does not describe.
func strictSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs/reference", name))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	seal(document)
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func seal(node any) {
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	if _, has := object["properties"]; has && object["type"] == "object" {
		object["additionalProperties"] = false
	}
	for _, below := range object {
		seal(below)
	}
}

func TestPlanJSONFitsItsSchema(t *testing.T) {
	stranger := []graph.Identity{{ID: "vpc-2", Tags: map[string]string{graph.TagOwner: "01X", graph.TagKey: "vpc"}}}
	drifted := part("eu-west-1",
		graph.Step{Key: "vpc", Action: graph.Update, ID: "vpc-1", Phase: graph.Ready, Changes: []graph.Change{
			{Field: "tag team", To: "b"}, {Field: "cidrBlock", From: "10.0.0.0/16", To: "10.1.0.0/16", Fixed: "AWS can't"},
		}},
		graph.Step{Key: "nat-gateway/a", Action: graph.Replace, ID: "nat-1", Phase: graph.Failed, Why: "no address"},
		graph.Step{
			Key: "vpc-endpoint/logs", Action: graph.Replace, ID: "vpce-1", Phase: graph.Ready, Why: "its destination is for life", CreateFirst: true,
			Changes: []graph.Change{{Field: "logDestination", From: "a", To: "b", Replace: "its destination is for life"}},
		},
		graph.Step{Key: "load-balancer", Action: graph.Wait, ID: "arn", Phase: graph.Pending, Why: "provisioning"},
		graph.Step{Key: "subnet/public-a", Action: graph.Create, Phase: graph.Gone},
		graph.Step{Key: "subnet/public-b", Action: graph.Keep, ID: "subnet-1", Phase: graph.Ready},
		graph.Step{Key: "elastic-ip/c", Action: graph.Delete, ID: "eipalloc-1", Phase: graph.Leaving},
	)
	drifted.Plan.Foreign, drifted.Plan.Spare = stranger, stranger
	plan := planOf(drifted, &stack.Part{Region: "us-east-1", Err: errors.New("no credentials")})
	drifted.Effects = []effect.Effect{
		{Kind: effect.Replaced, Text: "2 of 2 instances replaced", Instances: 2, Of: 2, Takes: time.Minute},
		{Kind: effect.Addresses, Text: "other addresses", From: "203.0.113.1", To: "203.0.113.2"},
	}
	drifted.Launch = &stack.LaunchDifference{Script: "@@ -1 +1 @@\n-a\n+b\n", Tags: []graph.Change{{Field: "tag team", To: "b"}}}
	plan.Dropped = stack.Dropped{Regions: []string{"eu-west-2"}}
	removal := &stack.Removal{Regions: []*stack.RemovalPart{
		{Region: "eu-west-1", Removal: &graph.Removal{Steps: drifted.Plan.Steps}},
		{Region: "us-east-1", Err: errors.New("no credentials")},
	}}
	for name, write := range map[string]func(io.Writer) error{
		"a plan":    func(w io.Writer) error { return PlanJSON(w, plan) },
		"a removal": func(w io.Writer) error { return RemovalJSON(w, removal) },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
			document, err := jsonschema.UnmarshalJSON(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if err := strictSchema(t, "plan.schema.json").Validate(document); err != nil {
				t.Errorf("%v\n%s", err, out.String())
			}
		})
	}
}

// The schema is not one that anything fits.
func TestPlanSchemaRefusesWhatIsNotAPlan(t *testing.T) {
	schema := strictSchema(t, "plan.schema.json")
	for _, text := range []string{
		`{}`,
		`{"version": 2, "changes": {"create": 0, "update": 0, "replace": 0, "delete": 0}, "regions": []}`,
		`{"version": 1, "changes": {"create": 0, "update": 0, "replace": 0, "delete": 0}, "regions": [{"region": "x",
			"resources": [{"key": "vpc", "phase": "ready", "action": "explode"}]}]}`,
		`{"version": 1, "changes": {"create": 0, "update": 0, "replace": 0, "delete": 0}, "regions": [], "more": 1}`,
	} {
		var document any
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		if schema.Validate(document) == nil {
			t.Errorf("it takes %s", text)
		}
	}
}
