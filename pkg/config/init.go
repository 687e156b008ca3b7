package config

import _ "embed"

//go:embed init.yaml
var initFile []byte

// Init is a first stack file: what most people set, and the rest as comments that show the defaults.
func Init() []byte {
	return append([]byte(nil), initFile...)
}
