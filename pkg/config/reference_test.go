package config

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func readReference(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The reference has a row for every setting, with its default, and names every flag with its variable.
func TestReferenceIsComplete(t *testing.T) {
	text := readReference(t)
	rows := map[string]string{}
	for line := range strings.Lines(text) {
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
	paths := []string{"tags", "defaults", "overrides", "targets", "targets.NAME.defaults", "targets.NAME.overrides"}
	for _, f := range fieldsOf(reflect.TypeFor[targetSettings]()) {
		if !strings.HasPrefix(f.path, "defaults.") {
			paths = append(paths, "targets.NAME."+f.path)
		}
	}
	for _, path := range paths {
		if _, ok := rows[path]; !ok {
			t.Errorf("docs/configuration.md has no row for %s", path)
		}
	}
	for _, s := range outsides {
		if !strings.Contains(text, "`--"+s.flag+"`") || !strings.Contains(text, "`"+EnvName(s.flag)+"`") {
			t.Errorf("docs/configuration.md does not name --%s and %s", s.flag, EnvName(s.flag))
		}
	}
}

func TestReferenceExampleParses(t *testing.T) {
	_, example, _ := strings.Cut(readReference(t), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	c := mustLoad(t, example, Overrides{})
	if len(c.Regions) != 2 {
		t.Errorf("the example has the regions %q", c.Regions)
	}
}

func TestReferenceShowsTheAddressPlan(t *testing.T) {
	text := readReference(t)
	for bits := largestVPC; bits <= smallestVPC; bits++ {
		vpc := netip.PrefixFrom(netip.MustParseAddr("10.9.0.0"), bits)
		public, private, err := Subnets(vpc, 0)
		if err != nil {
			t.Fatal(err)
		}
		row := fmt.Sprintf("| /%d | /%d | /%d | %d |", bits, private.Bits(), public.Bits(), Slots(vpc))
		if !strings.Contains(text, row) {
			t.Errorf("docs/configuration.md lacks %s", row)
		}
	}
}
