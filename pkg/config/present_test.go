package config

import (
	"path/filepath"
	"strings"
	"testing"
)

// What works on what is there goes on with mistakes, unless they may hide which stack that is.
func TestMistakesThatLeaveTheStackKnown(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		stops bool
		clear []string // regions whose settings are whole
	}{
		"a value":                      {text: "name: web\ndefaults: {network: {azs: 9}}"},
		"a value of one region":        {text: "name: web\noverrides: {eu-west-1: {network: {azs: 9}}}", clear: []string{"us-east-1"}},
		"values that contradict":       {text: "name: web\ndefaults: {compute: {min: 4, max: 2}}"},
		"an unknown field":             {text: "name: web\ndefaults: {compute: {tpye: t3.micro}}"},
		"an unknown section":           {text: "name: web\ncolour: red"},
		"a misspelled section":         {text: "name: web\ndefault: {}"},
		"a tag":                        {text: "name: web\ntags: {'aws:x': y}"},
		"user data that is gone":       {text: "name: web\ndefaults: {compute: {user_data: 'file:gone/web.sh'}}"},
		"a region that does not exist": {text: "name: web\nregions: [eu-wset-1, eu-west-1]", clear: []string{"eu-west-1", "us-east-1"}},
		"the order of the rollout":     {text: "name: web\nrollout: {max_concurrent: -1}", clear: []string{"eu-west-1"}},
		"a limit":                      {text: "name: web\nguard: {max_destroy: lots}", clear: []string{"eu-west-1"}},
		"a target's value":             {text: "targets: {a: {account: '123456789012', defaults: {network: {azs: 9}}}}"},

		"no YAML":                            {text: "name: [web", stops: true},
		"another version":                    {text: "version: 7\nname: web", stops: true},
		"a name that can't be":               {text: "name: -web-", stops: true},
		"a misspelled name":                  {text: "nam: shop", stops: true},
		"a section that may be the name":     {text: "stack: shop", stops: true},
		"a name in the wrong place":          {text: "defaults: {name: shop}", stops: true},
		"a state in two places":              {text: "state: {path: a.json, s3: s3://b/c}", stops: true},
		"a misspelled state":                 {text: "name: web\nsatte: {path: a.json}", stops: true},
		"a misspelled place of the state":    {text: "name: web\nstate: {pth: a.json}", stops: true},
		"misspelled limits":                  {text: "name: web\ngard: {protect: true}", stops: true},
		"a target's account that can't be":   {text: "targets: {a: {account: '12'}}", stops: true},
		"a merge key at the top of the file": {text: "x: &x {name: shop}\n<<: *x", stops: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, filepath.Join(".", FileName), c.text)
			if _, err := Load(FileName, Overrides{}); err == nil {
				t.Fatal("there is no mistake")
			}
			config, err := LoadPresent(FileName, Overrides{})
			if (err != nil) != c.stops {
				t.Fatalf("it is stopped by %v", err)
			}
			if c.stops {
				return
			}
			if len(config.Mistakes) == 0 {
				t.Error("no mistake is named")
			}
			for _, region := range c.clear {
				if _, err := config.Region(region); err != nil {
					t.Errorf("%s: %v", region, err)
				}
			}
			if _, err := config.Region("eu-west-1"); err == nil && len(c.clear) == 0 && len(config.Targets) == 0 {
				t.Error("the settings of eu-west-1 pass for whole")
			}
			for _, region := range config.Regions {
				if strings.Contains(region, "wset") {
					t.Errorf("%s is among the regions", region)
				}
			}
		})
	}
}

func TestMistakesOfOneTargetAreItsOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, filepath.Join(".", FileName), "targets:\n  a: {account: '123456789012', defaults: {network: {azs: 9}}}\n  b: {account: '123456789013'}\n")
	file, err := LoadPresent(FileName, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	for name, whole := range map[string]bool{"a": false, "b": true} {
		target, err := file.ForTarget(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := target.Region("eu-west-1"); (err == nil) != whole {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A flag is typed for this run: it is corrected now.
func TestAMistypedFlagStopsEveryCommand(t *testing.T) {
	if _, err := LoadPresent("", Overrides{Regions: []string{"eu-wset-1"}}); err == nil {
		t.Error("a region that does not exist was accepted")
	}
}

// What deletes does not go by limits that are not whole.
func TestLimitsThatAreNotWhole(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, filepath.Join(".", FileName), "name: web\nguard: {protcet: true}\ndefaults: {network: {azs: 9}}")
	config, err := LoadPresent(FileName, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := config.Unguarded(); err == nil || !strings.Contains(err.Error(), "protcet") || strings.Contains(err.Error(), "azs") {
		t.Errorf("the limits have the mistakes %v", err)
	}
}
