package fleet

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func names(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("team-%03d", i)
	}
	return all
}

// Every target is in exactly one share, in whatever order they are given, and no share is larger than it must be.
func TestSharesPartitionTheTargets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		targets := names(rapid.IntRange(0, 60).Draw(t, "targets"))
		count := rapid.IntRange(1, 20).Draw(t, "shards")
		shuffled := slices.Clone(targets)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		var all []string
		for i := 1; i <= count; i++ {
			share := Shard{i, count}.Of(targets)
			if diff := cmp.Diff(share, (Shard{i, count}).Of(shuffled)); diff != "" {
				t.Fatalf("the order of the targets matters: %s", diff)
			}
			if most := (len(targets) + count - 1) / count; len(share) > most {
				t.Fatalf("share %d of %d has %d of %d targets", i, count, len(share), len(targets))
			}
			all = append(all, share...)
		}
		slices.Sort(all)
		if !slices.Equal(targets, all) {
			t.Fatalf("%d shares of %v hold %v", count, targets, all)
		}
	})
}

// A target that comes or goes leaves most others where they are: one that is not full gives none away.
func TestSharesAreStable(t *testing.T) {
	const count = 4
	moved, places := 0, 0
	targets := names(200)
	for n := 20; n < len(targets); n++ {
		before, after := split(targets[:n], count), split(targets[:n+1], count)
		for i, share := range before {
			for _, target := range share {
				places++
				if !slices.Contains(after[i], target) {
					moved++
				}
			}
		}
	}
	t.Logf("of %d targets, %d moved to another share when one was added", places, moved)
	if moved*20 > places {
		t.Errorf("%d of %d targets moved: more than a twentieth", moved, places)
	}
}

// These are what runners of all versions must agree on.
func TestSharesDoNotChangeBetweenVersions(t *testing.T) {
	want := [][]string{
		{"team-003", "team-006"},
		{"team-004", "team-005", "team-007"},
		{"team-000", "team-001", "team-002"},
	}
	if diff := cmp.Diff(want, split(names(8), 3)); diff != "" {
		t.Error(diff)
	}
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{"1/1": {1, 1}, "2/4": {2, 4}, "4/4": {4, 4}} {
		if got, err := ParseShard(text); err != nil || got != want {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2", "0/4", "5/4", "a/b", "1/0", "-1/4", "1/4/2"} {
		if got, err := ParseShard(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestJobShard(t *testing.T) {
	if got, err := JobShard("0", 4); err != nil || got != (Shard{1, 4}) {
		t.Errorf("index 0 of 4 is %v, %v", got, err)
	}
	for _, index := range []string{"4", "-1", "x", ""} {
		if got, err := JobShard(index, 4); err == nil {
			t.Errorf("index %q of 4 is %v", index, got)
		}
	}
}
