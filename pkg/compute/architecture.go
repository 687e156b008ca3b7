package compute

import (
	"regexp"
	"strings"
)

// Architecture is a processor architecture, as the names of public parameters spell it.
type Architecture string

// The architectures of instance types.
const (
	X86 Architecture = "x86_64"
	ARM Architecture = "arm64"
)

// family is an instance type's name up to the size: letters, a generation, and letters for what is special about it,
// e.g. "im", "4" and "gn" (EC2 user guide, "Amazon EC2 instance type naming conventions").
var family = regexp.MustCompile(`^([a-z]+)(\d+)([a-z0-9-]*)\.`)

// ArchitectureOf tells the architecture from an instance type's name: types with Graviton or Grace processors have a
// "g" after the generation. The first of them, a1, is the exception.
func ArchitectureOf(instanceType string) Architecture {
	parts := family.FindStringSubmatch(instanceType)
	if parts == nil {
		return X86
	}
	if parts[1]+parts[2] == "a1" || strings.Contains(parts[3], "g") {
		return ARM
	}
	return X86
}
