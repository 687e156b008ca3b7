package state

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"provision/pkg/graph"
)

// worldOf is what would exist if a run had made all that a document knows of.
func worldOf(d Document) map[string]Finding {
	found := map[string]Finding{}
	for name, region := range d.Regions {
		finding := Finding{Facts: region.Facts}
		for key, resource := range region.Resources {
			finding.Things = append(finding.Things, thing(d.Head, key, resource.ID, resource.Nonce))
		}
		found[name] = finding
	}
	return found
}

func thing(h Head, key graph.Key, id, nonce string) graph.Identity {
	return graph.Identity{ID: id, Tags: map[string]string{
		graph.TagStack: h.Stack, graph.TagOwner: h.Owner, graph.TagKey: string(key), graph.TagNonce: nonce,
	}}
}

func TestRebuiltEqualsTheOriginal(t *testing.T) {
	times := cmp.Options{
		cmpopts.IgnoreFields(Document{}, "Serial", "Updated"), cmpopts.IgnoreFields(Head{}, "Created"),
		cmpopts.IgnoreFields(Region{}, "Serial"), cmpopts.IgnoreFields(Resource{}, "Since"),
	}
	rapid.Check(t, func(t *rapid.T) {
		original := anyDocument(t)
		for _, region := range original.Regions {
			for key, resource := range region.Resources { // an open claim made nothing that could be found
				resource.ID = rapid.StringMatching("[a-z]{8}").Draw(t, "id")
				region.Resources[key] = resource
			}
		}
		if original.Empty() {
			t.Skip("this draw has nothing that could be found")
		}
		run := original.Head
		run.Owner = ""
		rebuilt, err := Rebuild(run, worldOf(original), someTime.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(original, rebuilt, times); diff != "" || !original.sameAs(rebuilt) {
			t.Fatal(diff)
		}
	})
}

func TestRebuildRefuses(t *testing.T) {
	mine, theirs := someHead, someHead
	theirs.Owner = owner2
	stranger := someHead
	stranger.Stack = "other"
	both := map[string]Finding{
		"eu-west-1": {Things: []graph.Identity{thing(mine, "vpc", "vpc-1", "n1"), thing(theirs, "vpc", "vpc-2", "n2")}},
	}
	twice := map[string]Finding{
		"eu-west-1": {Things: []graph.Identity{thing(mine, "vpc", "vpc-1", "n1"), thing(mine, "vpc", "vpc-2", "n2")}},
	}
	run := someHead
	run.Owner = ""

	_, err := Rebuild(run, both, someTime)
	owners, ok := errors.AsType[*OwnersError](err)
	if !ok || len(owners.Owners) != 2 || !strings.Contains(err.Error(), owner2) || !strings.Contains(err.Error(), "vpc-1") {
		t.Errorf("two owners: %v", err)
	}
	if d, err := Rebuild(theirs, both, someTime); err != nil || d.Regions["eu-west-1"].Resources["vpc"].ID != "vpc-2" {
		t.Errorf("one of two owners: %v, %v", d, err)
	}
	_, err = Rebuild(run, twice, someTime)
	if duplicate, ok := errors.AsType[*graph.DuplicateError](err); !ok || len(duplicate.IDs) != 2 {
		t.Errorf("two of one key: %v", err)
	}
	for name, found := range map[string]map[string]Finding{
		"nothing":          nil,
		"another's":        {"eu-west-1": {Things: []graph.Identity{thing(stranger, "vpc", "vpc-1", "n1")}}},
		"without an owner": {"eu-west-1": {Things: []graph.Identity{{ID: "vpc-1", Tags: map[string]string{graph.TagStack: "web"}}}}},
	} {
		if _, err := Rebuild(run, found, someTime); !errors.Is(err, ErrNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
