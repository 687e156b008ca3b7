package inventory

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/kinds"
)

var web = Resource{Region: "eu-west-1", Kind: "vpc", ID: "vpc-1", Text: `{"Cidr":"10.0.0.0/16","Tags":[]}`}

func TestCanonicalDoesNotDependOnOrder(t *testing.T) {
	type tag struct{ Key, Value *string }
	type thing struct {
		Name *string
		Tags []tag
		Deep map[string][]int
	}
	a, b, v := "a", "b", "v"
	first, err := canonical(thing{Tags: []tag{{&a, &v}, {&b, nil}}, Deep: map[string][]int{"x": {2, 1}, "y": nil}})
	if err != nil {
		t.Fatal(err)
	}
	second, err := canonical(thing{Tags: []tag{{&b, nil}, {&a, &v}}, Deep: map[string][]int{"x": {1, 2}}})
	if err != nil {
		t.Fatal(err)
	}
	if first != second {
		t.Errorf("two orders, two texts:\n%s\n%s", first, second)
	}
	if want := `{"Deep":{"x":[1,2]},"Tags":[{"Key":"a","Value":"v"},{"Key":"b"}]}`; first != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
}

func TestDiff(t *testing.T) {
	changed := web
	changed.Text = `{"Cidr":"10.0.0.0/16","Tags":["new"]}`
	other := Resource{Region: "eu-west-1", Kind: "subnet", ID: "subnet-1", Text: "{}"}
	tests := map[string]struct {
		before, after Inventory
		want          []string
	}{
		"same":    {Inventory{web, other}, Inventory{other, web}, nil},
		"removed": {Inventory{web, other}, Inventory{web}, []string{"- eu-west-1 subnet subnet-1 {}"}},
		"added":   {Inventory{web}, Inventory{other, web}, []string{"+ eu-west-1 subnet subnet-1 {}"}},
		"changed": {Inventory{web}, Inventory{changed}, []string{"~ eu-west-1 vpc vpc-1 ", `string("new")`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := Diff(test.before, test.after)
			if test.want == nil && got != "" {
				t.Errorf("got %q, want nothing", got)
			}
			for _, want := range test.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %q, which does not contain %q", got, want)
				}
			}
		})
	}
}

func TestSelections(t *testing.T) {
	twin := Resource{Region: "us-east-1", Kind: "vpc", ID: "vpc-1", Text: "{}"}
	changed := web
	changed.Text = "{}"
	all := Inventory{changed, twin}
	if diff := cmp.Diff(Inventory{twin}, all.Without(Inventory{web})); diff != "" {
		t.Errorf("Without: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(Inventory{changed}, all.Within(Inventory{web})); diff != "" {
		t.Errorf("Within: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(Inventory{twin}, all.In("us-east-1")); diff != "" {
		t.Errorf("In: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"vpc": 2}, all.Count()); diff != "" {
		t.Errorf("Count: -want +got\n%s", diff)
	}
	if got := all.Of("subnet"); len(got) != 0 {
		t.Errorf("Of subnet: %v", got)
	}
	if want := []string{"vpc-1", "vpc-1"}; !slices.Equal(all.IDs(), want) {
		t.Errorf("IDs: got %v, want %v", all.IDs(), want)
	}
	if want := "eu-west-1 vpc vpc-1 {}\nus-east-1 vpc vpc-1 {}\n"; all.String() != want {
		t.Errorf("String: got %q, want %q", all.String(), want)
	}
}

// Every kind of a stack, those that are off by default included, is in the inventory, so that a test sees what is
// left of it.
func TestInventoryHasEachKindOfAStack(t *testing.T) {
	listed := map[bool][]kind{true: globalKinds(clients{}), false: regionalKinds(clients{})}
	for _, r := range kinds.All() {
		if !slices.ContainsFunc(listed[r.Global], func(k kind) bool { return k.name == r.Name() }) {
			t.Errorf("the inventory does not list %q (global: %t)", r.Name(), r.Global)
		}
	}
}
