package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMergedTakesTheStrongestLayerThatHasASetting(t *testing.T) {
	paths := rapid.SampledFrom([]string{"name", "regions", "tags.a", "tags.b", "network.azs"})
	rapid.Check(t, func(t *rapid.T) {
		layers := make([]layer, rapid.IntRange(0, 5).Draw(t, "layers"))
		want := map[string]int{}
		for i := range layers {
			layers[i] = layer{}
			for _, path := range rapid.SliceOfDistinct(paths, rapid.ID[string]).Draw(t, fmt.Sprint("paths of ", i)) {
				layers[i][path] = value{data: i}
				want[path] = i
			}
		}
		got := map[string]int{}
		for path, v := range merged(layers...) {
			got[path] = v.data.(int)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMergedKeepsWhatABadValueStandsOver(t *testing.T) {
	weak, bad := layer{"azs": {data: 3}}, layer{"azs": {path: "defaults.azs", bad: true}}
	for _, got := range []layer{merged(weak, bad), merged(merged(weak, bad))} {
		if v := got["azs"]; v.data != 3 || !v.bad || v.path != "defaults.azs" {
			t.Errorf("got %+v", v)
		}
	}
}

func TestFlattenAndFillAreInverse(t *testing.T) {
	want := defaultDocument()
	var got document
	flatten(want).fill(&got)
	if !reflect.DeepEqual(want, got) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestUnder(t *testing.T) {
	l := layer{"tags.a": {}, "tags.b.c": {}, "tagsx.d": {}, "tags": {}}
	if got := slices.Sorted(maps.Keys(l.under("tags"))); !slices.Equal(got, []string{"a", "b.c"}) {
		t.Errorf("got %q", got)
	}
}

// A region gets its own override, else the file's default, else the program's, for any mix of the three.
func TestRegionPrecedence(t *testing.T) {
	sizes := rapid.IntRange(8, 100)
	rapid.Check(t, func(t *rapid.T) {
		text, want, source := "", Defaults().Compute.VolumeGB, FromDefault
		if rapid.Bool().Draw(t, "in defaults") {
			want, source = sizes.Draw(t, "default"), FromFile
			text += fmt.Sprintf("defaults: {compute: {volume_gb: %d}}\n", want)
		}
		if rapid.Bool().Draw(t, "in overrides of another") {
			text += "overrides:\n  us-east-1: {compute: {volume_gb: 200}}\n"
			if rapid.Bool().Draw(t, "in overrides") {
				want, source = sizes.Draw(t, "override"), FromFile
				text += fmt.Sprintf("  eu-west-1: {compute: {volume_gb: %d}}\n", want)
			}
		}
		mistakes := newMistakes(text)
		c := parseConfig(FileName, text, Overrides{}, mistakes)
		s, l := c.region("eu-west-1", mistakes)
		if err := mistakes.err(); err != nil {
			t.Fatal(err)
		}
		if s.Compute.VolumeGB != want || l["compute.volume_gb"].at.Source != source {
			t.Errorf("got %d from %s, want %d from %s, of\n%s",
				s.Compute.VolumeGB, l["compute.volume_gb"].at, want, source, text)
		}
	})
}

func TestFormatDuration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes, seconds := rapid.IntRange(0, 200).Draw(t, "minutes"), rapid.IntRange(0, 100).Draw(t, "seconds")
		want, fault1 := decodeDuration(fmt.Sprintf("%dm%ds", minutes, seconds))
		got, fault2 := decodeDuration(value{data: want}.text())
		if want != got || fault1 != (fault{}) || fault2 != (fault{}) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
