package stack_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ofOneRegion are the settings that belong to one region, and so go under overrides.
var ofOneRegion = []string{"network.cidr", "lb.tls.certificate_arn"}

// ofAll are the sections that stand at the top of the file.
var ofAll = []string{"guard", "rollout", "state", "tags"}

// write writes the settings file with one value of the row's setting.
func (r changeRow) write(t *testing.T, path, value string) {
	t.Helper()
	document := branch{"version": leaf("1")}
	set := func(setting, value string) {
		section, _, _ := strings.Cut(setting, ".")
		switch {
		case value == "":
			return
		case slices.Contains(ofOneRegion, setting):
			setting = "overrides.eu-west-1." + setting
		case !slices.Contains(ofAll, section):
			setting = "defaults." + setting
		}
		document.set(strings.Split(setting, "."), value)
	}
	for setting, value := range r.with {
		set(setting, value)
	}
	if r.in == nil {
		set(r.setting, value)
	}
	must(t, os.WriteFile(path, []byte(document.text()), 0o600))
}

// writeScripts puts the scripts that rows name next to the settings.
func (r changeRow) writeScripts(t *testing.T, folder string) {
	t.Helper()
	for _, name := range []string{oneScript, twoScript} {
		script := "#!/bin/sh\n# " + name + "\ndnf install -y nginx\nsystemctl enable --now nginx\n"
		must(t, os.WriteFile(filepath.Join(folder, strings.TrimPrefix(name, "file:./")), []byte(script), 0o600))
	}
}

// branch and leaf are YAML.
type (
	node interface{ text() string }

	branch map[string]node
	leaf   string
)

func (b branch) set(path []string, value string) {
	if len(path) == 1 {
		b[path[0]] = leaf(value)
		return
	}
	if b[path[0]] == nil {
		b[path[0]] = branch{}
	}
	b[path[0]].(branch).set(path[1:], value)
}

func (b branch) text() string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(b)) {
		all = append(all, key+": "+b[key].text())
	}
	return "{" + strings.Join(all, ", ") + "}"
}

func (l leaf) text() string { return string(l) }
