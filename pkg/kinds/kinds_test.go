package kinds_test

import (
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/kind"
	"provision/pkg/kinds"
	"provision/pkg/network"
)

// services are those of the SDK whose names in IAM policies are others.
var services = map[string]string{"elasticloadbalancingv2": "elasticloadbalancing", "cloudwatchlogs": "logs"}

// The walk over all kinds, those that are off by default included: each prints what its registration lacks. The
// interface of a kind's client lists its calls, and the compiler holds its code to that.
func TestEachKindIsComplete(t *testing.T) {
	for _, r := range kinds.All() {
		for _, lacking := range lacks(r) {
			t.Errorf("kind %q lacks %s", r.Name(), lacking)
		}
	}
}

func lacks(r kind.Registration) []string {
	all := r.Lacks()
	for _, after := range r.After {
		if !registered(after) {
			all = append(all, "a kind that must be gone before it: "+after+" is not registered")
		}
	}
	if r.GoesWith() != "" && !registered(r.GoesWith()) {
		all = append(all, "the kind that it goes with: "+r.GoesWith()+" is not registered")
	}
	for _, update := range r.Writes.Update {
		for _, then := range update.Then {
			if !allowed(then) {
				all = append(all, "a kind that calls "+then)
			}
		}
	}
	of := reflect.TypeOf(r.Zero())
	api, _ := of.FieldByName("API")
	calls, actions := called(api.Type), r.Actions.Called()
	for _, call := range calls {
		if !slices.Contains(actions, call) {
			all = append(all, "an action for "+call+", which its file calls")
		}
	}
	helped := helpers(of)
	for _, call := range helped {
		if !allowed(call) {
			all = append(all, "an action for "+call+", which it shares with other kinds")
		}
	}
	for _, action := range actions {
		if !slices.Contains(calls, action) && !slices.Contains(helped, action) {
			all = append(all, "a call for "+action+", which it has an action for")
		}
	}
	return all
}

// helpers are the operations of what a kind shares with others: structs that it points to, with clients of their own.
func helpers(of reflect.Type) []string {
	var all []string
	for field := range of.Fields() {
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		for below := range field.Type.Elem().Fields() {
			all = append(all, called(below.Type)...)
		}
	}
	return all
}

// called are the operations of the interface of a client, by their names in IAM policies.
func called(api reflect.Type) []string {
	if api == nil || api.Kind() != reflect.Interface {
		return nil
	}
	var calls []string
	for method := range api.Methods() {
		service := path.Base(method.Type.In(1).Elem().PkgPath())
		if name, ok := services[service]; ok {
			service = name
		}
		calls = append(calls, service+":"+method.Name)
	}
	return calls
}

func registered(name string) bool {
	return slices.ContainsFunc(kinds.All(), func(r kind.Registration) bool { return r.Name() == name })
}

func allowed(action string) bool {
	return slices.ContainsFunc(kinds.All(), func(r kind.Registration) bool {
		return slices.Contains(r.Actions.Called(), action)
	})
}

// The walk finds what is forgotten.
func TestWalkFindsWhatIsForgotten(t *testing.T) {
	r := kinds.Named("nat-gateway")
	r.After = []string{"nat-gatway"}
	r.Actions.Change = append(r.Actions.Change[:0:0], "ec2:CreateTags", "ec2:DeleteTags", "ec2:DeleteNatGateway", "ec2:DeleteVpc")
	r.Actions.Read = nil
	r.Writes.Update = append(r.Writes.Update[:0:0], kind.Update{Field: "x", Set: []string{"ec2:CreateTags"}, Then: []string{"ec2:Forget"}})
	want := []string{
		"an action that lists it",
		"a kind that must be gone before it: nat-gatway is not registered",
		"a kind that calls ec2:Forget",
		"an action for ec2:DescribeNatGateways, which its file calls",
		"a call for ec2:DeleteVpc, which it has an action for",
	}
	if diff := cmp.Diff(want, lacks(r)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Each kind stands once, after all that must be gone before it.
func TestAllIsTheOrderOfRemoval(t *testing.T) {
	place := map[string]int{}
	for i, r := range kinds.All() {
		if _, twice := place[r.Name()]; twice {
			t.Errorf("%s stands twice", r.Name())
		}
		place[r.Name()] = i
	}
	if want := len(kind.Registered()); len(place) != want {
		t.Errorf("%d kinds, want %d", len(place), want)
	}
	for _, r := range kinds.All() {
		for _, after := range r.After {
			if place[after] >= place[r.Name()] {
				t.Errorf("%s stands before %s", r.Name(), after)
			}
		}
	}
	if place["auto-scaling-group"] > place["subnet"] || place["subnet"] > place["vpc"] {
		t.Errorf("the group, its subnets and their VPC stand at %d, %d, %d",
			place["auto-scaling-group"], place["subnet"], place["vpc"])
	}
}

func TestKindOfAStep(t *testing.T) {
	for want, step := range map[string]graph.Step{
		"vpc":         {Key: "vpc"},
		"subnet":      {Key: "subnet/public-a"},
		"nat-gateway": {Key: "vpc", Observed: network.NATGatewayState{}}, // tagged by hand
	} {
		if got := kinds.Of(step).Name(); got != want {
			t.Errorf("%s: got %s, want %s", step.Key, got, want)
		}
	}
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, `"nat-gatway" is not registered`) {
			t.Errorf("got %q", text)
		}
	}()
	kinds.Named("nat-gatway")
}
