package config

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInitParses(t *testing.T) {
	c := mustLoad(t, string(Init("web", nil)), Overrides{})
	for _, region := range c.Regions {
		mustRegion(t, c, region)
	}
	if c.Name != "web" || len(c.Regions) != 2 {
		t.Errorf("got the stack %s in %q", c.Name, c.Regions)
	}
}

func TestInitTakesWhatIsSaid(t *testing.T) {
	c := mustLoad(t, string(Init("shop", []string{"sa-east-1"})), Overrides{})
	if diff := cmp.Diff([]any{"shop", []string{"sa-east-1"}}, []any{c.Name, c.Regions}); diff != "" {
		t.Error(diff)
	}
	if text := string(Init("shop", nil)); !strings.Contains(text, "#  path: .provision/shop.json\n") {
		t.Errorf("the place of another stack's state is shown:\n%s", text)
	}
}

// With its commented settings switched on, the file still says what the program does without it.
func TestInitCommentsShowTheDefaults(t *testing.T) {
	text := regexp.MustCompile(`(?m)^#([a-z ])`).ReplaceAllString(string(Init("web", nil)), "$1")
	text, _, _ = strings.Cut(prose.ReplaceAllString(text, ""), "overrides:")
	c := mustLoad(t, text, Overrides{})
	without, err := Load("", Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	wantAll, err := without.Explain("eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Explain("eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for i, want := range wantAll {
		if got[i].Value != want.Value {
			t.Errorf("the file shows %s: %s, the default is %s", want.Path, got[i].Value, want.Value)
		}
		if got[i].Origin.Source == FromFile {
			shown++
		}
	}
	if len(c.Tags) == 0 || len(c.Guard.Accounts) == 0 || shown < 20 || c.State.Path != without.State.Path {
		t.Errorf("only %d settings are shown: %+v", shown, c)
	}
}

// prose is a comment that is a sentence: it starts with a capital or a quoted command.
var prose = regexp.MustCompile("(?m)^ ([A-Z`]|yaml-).*$")
