package stack

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
	"provision/pkg/graph"
	"provision/pkg/sandbox"
)

func TestPresentLeavesOutWhatIsGoingAway(t *testing.T) {
	step := func(id, owner string, key graph.Key, phase graph.Phase) graph.Step {
		i := graph.Identity{ID: id, Tags: map[string]string{graph.TagOwner: owner, graph.TagKey: string(key)}}
		return graph.Step{Key: key, ID: id, Observed: i, Phase: phase}
	}
	all := []graph.Step{
		step("nat-leaving", "us", "nat-gateway/a", graph.Leaving),
		step("nat-failed", "us", "nat-gateway/a", graph.Failed),
		step("nat-live", "us", "nat-gateway/a", graph.Pending),
		step("nat-only-failed", "us", "nat-gateway/b", graph.Failed),
		step("nat-theirs-failed", "them", "nat-gateway/a", graph.Failed),
		step("vpc", "us", "vpc", graph.Ready),
	}
	var kept []string
	for _, s := range present(all) {
		kept = append(kept, s.ID)
	}
	want := []string{"nat-live", "nat-only-failed", "nat-theirs-failed", "vpc"}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Error(diff)
	}
	if len(all) != 6 || all[0].ID != "nat-leaving" {
		t.Errorf("what was given is changed: %v", all)
	}
}

func TestSlotIsTheLastLetter(t *testing.T) {
	for key, want := range map[graph.Key]int{
		"subnet/private-a": 0, "subnet/public-c": 2, "subnet/private-f": config.MaxZones - 1,
		"subnet/private-g": -1, "subnet/public": -1, "subnet": -1, "subnet/1": -1,
	} {
		slot, ok := slotOf(key)
		if !ok {
			slot = -1
		}
		if slot != want {
			t.Errorf("%s: slot %d, wanted %d", key, slot, want)
		}
	}
}

// A zone whose subnets are gone gets the place that a first run would give it, and the others keep theirs.
func TestZonesKeepTheirSlots(t *testing.T) {
	s, settings := sandboxed(t, "eu-west-1")
	for _, c := range []struct{ have, want []string }{
		{[]string{"euw1-az1", "euw1-az2", "euw1-az3", "", "", ""}, []string{"euw1-az1", "euw1-az2", "euw1-az3"}},
		{[]string{"euw1-az3", "", "", "", "", ""}, []string{"euw1-az3"}},
		{[]string{"", "euw1-az2", "", "", "", ""}, []string{"euw1-az1", "euw1-az2"}},
		{[]string{"", "", "euw1-az2", "", "", ""}, []string{"euw1-az1", "euw1-az3", "euw1-az2"}},
		{[]string{"", "", "", "", "", ""}, []string{}},
	} {
		got, err := s.fillSlots(t.Context(), settings, slices.Clone(c.have))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", c.have, diff)
		}
	}
}

// sandboxed is a stack in a sandbox of its own that has nothing.
func sandboxed(t *testing.T, region string) (*Stack, config.Settings) {
	t.Helper()
	cfg, err := config.Load("", config.Overrides{Regions: []string{region}})
	if err != nil {
		t.Fatal(err)
	}
	settings, err := cfg.Region(region)
	if err != nil {
		t.Fatal(err)
	}
	clients, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client:      sandbox.New(sandbox.Options{}),
		Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return &Stack{Config: cfg, Cloud: clients, Record: ReadOnly{}, Regions: []string{region}}, settings
}
