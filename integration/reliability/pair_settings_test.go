package reliability

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"provision/pkg/config"
)

// choices are values of settings that a random pair draws from. The first is the likeliest.
var choices = []struct {
	setting string
	values  []string
}{
	{"network.azs", []string{"2", "3"}},
	{"network.nat", []string{"single", "per-az", "regional", "none"}},
	{"network.flow_logs.traffic", []string{"none", "all", "reject"}},
	{"network.flow_logs.interval", []string{"10m", "1m"}},
	{"network.flow_logs.retention_days", []string{"14", "7", "30"}},
	{"endpoints.s3", []string{"gateway", "none"}},
	{"endpoints.ssm", []string{"interface", "none"}},
	{"compute.type", []string{"t3.micro", "t3.small", "t4g.micro"}},
	{"compute.min", []string{"2", "1", "3"}},
	{"compute.max", []string{"4", "3", "6"}},
	{"compute.desired", []string{"", "2", "3"}},
	{"compute.volume_gb", []string{"8", "12"}},
	{"compute.user_data", []string{"builtin:nginx", "file:./setup.sh"}},
	{"lb.port", []string{"80", "8080"}},
	{"lb.health_path", []string{"/", "/index.html"}},
	{"lb.interval", []string{"10s", "20s"}},
	{"lb.healthy", []string{"2", "3"}},
	{"lb.drain", []string{"30s", "0s", "90s"}},
	{"lb.tls.certificate_arn", []string{"", "arn:aws:acm:eu-west-1:123456789012:certificate/one", "arn:aws:acm:eu-west-1:123456789012:certificate/two"}},
	{"tags.team", []string{"", "web", "platform"}},
	{"tags.unit", []string{"", "shop"}},
}

// drawn are the settings of one side of a pair, by their path; an empty value is not set.
type drawn map[string]string

// drawPair draws the settings of a stack, and others: some of a few settings are different.
func drawPair(t *testing.T, random *rand.Rand) (from, to drawn) {
	for from == nil || !from.valid(t) {
		from = drawn{}
		for _, c := range choices {
			from[c.setting] = c.values[0]
			if random.IntN(2) == 0 {
				from[c.setting] = c.values[random.IntN(len(c.values))]
			}
		}
	}
	for to == nil || !to.valid(t) {
		to = maps.Clone(from)
		for range 1 + random.IntN(5) {
			c := choices[random.IntN(len(choices))]
			to[c.setting] = c.values[random.IntN(len(c.values))]
		}
	}
	return from, to
}

// String is what the settings are, for messages: those that are not the first choice.
func (d drawn) String() string {
	var all []string
	for _, c := range choices {
		if d[c.setting] != c.values[0] {
			all = append(all, c.setting+"="+d[c.setting])
		}
	}
	return strings.Join(all, " ")
}

// valid says whether the settings fit each other: without a way to any package, the script would install nothing.
func (d drawn) valid(t *testing.T) bool {
	if d["network.nat"] == "none" && d["endpoints.s3"] == "none" {
		return false
	}
	_, err := config.Load(d.file(t), config.Overrides{Regions: []string{region}})
	return err == nil
}

// file writes the settings, and returns where.
func (d drawn) file(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	script := "#!/bin/sh\ndnf install -y nginx\nsystemctl enable --now nginx\n"
	must(t, os.WriteFile(filepath.Join(folder, "setup.sh"), []byte(script), 0o600))
	tags, sections := d.yaml()
	text := "version: 1\ntags: {" + strings.Join(tags, ", ") + "}\noverrides:\n  " + region + ":\n"
	for _, section := range []string{"network", "endpoints", "compute", "lb"} {
		text += fmt.Sprintf("    %s: {%s}\n", section, strings.Join(sections[section], ", "))
	}
	path := filepath.Join(folder, "settings.yaml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// yaml are the tags, and the settings of each section. Those of flow logs and of TLS are a section in it.
func (d drawn) yaml() (tags []string, sections map[string][]string) {
	sections = map[string][]string{}
	deeper := map[string][]string{}
	for _, c := range choices {
		parts := strings.Split(c.setting, ".")
		value := d[c.setting]
		switch last := parts[len(parts)-1] + ": " + value; {
		case value == "":
		case parts[0] == "tags":
			tags = append(tags, last)
		case len(parts) == 3:
			deeper[parts[0]+"."+parts[1]] = append(deeper[parts[0]+"."+parts[1]], last)
		default:
			sections[parts[0]] = append(sections[parts[0]], last)
		}
	}
	for path, below := range deeper {
		section, name, _ := strings.Cut(path, ".")
		sections[section] = append(sections[section], name+": {"+strings.Join(below, ", ")+"}")
	}
	for _, lines := range sections {
		slices.Sort(lines)
	}
	return tags, sections
}
