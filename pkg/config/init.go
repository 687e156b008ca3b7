package config

import (
	_ "embed"
	"strings"
)

//go:embed init.yaml
var initFile []byte

// Init is a first settings file: the settings that most people change, and the rest as comments that show the defaults.
// Without regions it has two to start with.
func Init(name string, regions []string) []byte {
	text := strings.NewReplacer("name: web\n", "name: "+name+"\n", "/web.json", "/"+name+".json").Replace(string(initFile))
	if len(regions) > 0 {
		list := "regions:\n  - " + strings.Join(regions, "\n  - ") + "\n"
		text = strings.Replace(text, "regions:\n  - eu-west-1\n  - us-east-1\n", list, 1)
	}
	return []byte(text)
}
