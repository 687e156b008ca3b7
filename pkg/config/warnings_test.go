package config

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestOverridesOfAnotherRegionAreNamed(t *testing.T) {
	const overrides = "\noverrides:\n  us-east-1:\n    compute: {max: 9}\n  eu-west-1: {compute: {max: 8}}\n"
	for name, c := range map[string]struct {
		text    string
		regions []string // of the command line
		want    []string
	}{
		"not listed": {
			text: "regions: [eu-west-1]" + overrides,
			want: []string{"provision.yaml:4:20: overrides.us-east-1 has no effect: us-east-1 is not among the regions"},
		},
		"listed":                          {text: "regions: [eu-west-1, us-east-1]" + overrides},
		"on the command line":             {text: "regions: [eu-west-1]" + overrides, regions: []string{"us-east-1"}},
		"listed, but not in this run":     {text: "regions: [eu-west-1, us-east-1]" + overrides, regions: []string{"eu-west-1"}},
		"the file lists none":             {text: "name: web" + overrides},
		"a target's":                      {text: "regions: [eu-west-1]\ntargets: {a: {account: '123456789012', regions: [us-east-1]}}" + overrides},
		"nothing is overridden elsewhere": {text: "regions: [eu-west-1]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, filepath.Join(".", FileName), c.text)
			config, err := Load(FileName, Overrides{Regions: c.regions})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, config.Warnings(), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
