package reliability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

// account is everything that exists in an account: region, kind, ID, thing. It is read from the sandbox itself, past
// the API, its filters and its lag.
type account map[string]map[string]map[string]json.RawMessage

func (w *world) account(t testing.TB) account {
	t.Helper()
	dump, err := w.box.Dump(sandbox.DefaultAccount, false)
	if err != nil {
		t.Fatal(err)
	}
	a := account{}
	if err := json.Unmarshal(dump, &a); err != nil {
		t.Fatal(err)
	}
	for _, kinds := range a {
		delete(kinds, "s3-bucket") // no stack has one: they are the states'
		delete(kinds, "s3-bucket-claim")
		for id, group := range kinds["auto-scaling-group"] {
			kinds["auto-scaling-group"][id] = asleep.ReplaceAll(group, nil)
		}
	}
	return a
}

// asleep is when the sandbox will look at a group next, which no account has.
var asleep = regexp.MustCompile(`"Wake": "[^"]*",\s*`)

// each calls do for everything that exists.
func (a account) each(do func(region, kind, id string, thing json.RawMessage)) {
	for region, kinds := range a {
		for kind, things := range kinds {
			for id, thing := range things {
				do(region, kind, id, thing)
			}
		}
	}
}

// count is how many there are of each kind in each region.
func (a account) count() map[string]int {
	count := map[string]int{}
	a.each(func(region, kind, _ string, _ json.RawMessage) { count[region+" "+kind]++ })
	return count
}

// kinds are those of which there are any.
func (a account) kinds() []string {
	there := map[string]bool{}
	a.each(func(_, kind, _ string, _ json.RawMessage) { there[kind] = true })
	return slices.Sorted(maps.Keys(there))
}

// without is what is not in the other account, whether or not it has changed.
func (a account) without(other account) account {
	rest := account{}
	a.each(func(region, kind, id string, thing json.RawMessage) {
		if _, known := other[region][kind][id]; known {
			return
		}
		if rest[region] == nil {
			rest[region] = map[string]map[string]json.RawMessage{}
		}
		if rest[region][kind] == nil {
			rest[region][kind] = map[string]json.RawMessage{}
		}
		rest[region][kind][id] = thing
	})
	return rest
}

// touched is what of this account is missing or different, in any byte, in a later one.
func (a account) touched(later account) []string {
	var touched []string
	a.each(func(region, kind, id string, thing json.RawMessage) {
		now, there := later[region][kind][id]
		switch {
		case !there:
			touched = append(touched, fmt.Sprintf("%s %s %s is gone", region, kind, id))
		case !bytes.Equal(thing, now):
			touched = append(touched, fmt.Sprintf("%s %s %s has changed:\n%s", region, kind, id,
				cmp.Diff(string(thing), string(now))))
		}
	})
	slices.Sort(touched)
	return touched
}

// owned are region and ID of the resources with an owner's tag. It leaves out those that the Auto Scaling group
// launches: their number varies, and no state has them.
func (a account) owned(owner string) []string {
	var owned []string
	a.each(func(region, kind, id string, thing json.RawMessage) {
		if tagsOf(thing)[graph.TagOwner] == owner && !launched[kind] {
			owned = append(owned, region+" "+idInState(kind, id, thing))
		}
	})
	slices.Sort(owned)
	return owned
}

var launched = map[string]bool{"instance": true, "volume": true, "network-interface": true}

// idInState is what the state knows a thing by: what IAM knows by name, by its ARN.
func idInState(kind, id string, thing json.RawMessage) string {
	var named struct{ ARN string }
	if strings.HasPrefix(kind, "iam-") && json.Unmarshal(thing, &named) == nil {
		return named.ARN
	}
	return strings.TrimPrefix(id, "log-group:") // which the sandbox puts before a name
}

func tagsOf(thing json.RawMessage) map[string]string {
	var mapped struct{ Tags map[string]string }
	if json.Unmarshal(thing, &mapped) == nil && mapped.Tags != nil {
		return mapped.Tags // of a log group
	}
	var tagged struct{ Tags []struct{ Key, Value string } }
	if json.Unmarshal(thing, &tagged) != nil {
		return nil // a thing whose tags are not its own
	}
	tags := map[string]string{}
	for _, tag := range tagged.Tags {
		tags[tag.Key] = tag.Value
	}
	return tags
}
