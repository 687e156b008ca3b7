package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"provision/integration/golden"
)

// Each file of testdata/errors is wrong; what is said about it is in the golden file of its name, which
// `go test ./pkg/config -update` writes.
func TestErrors(t *testing.T) {
	t.Chdir(filepath.Join("testdata", "errors"))
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			_, err := Load(file, Overrides{})
			if _, ok := errors.AsType[Errors](err); !ok {
				t.Fatalf("got %v, want Errors", err)
			}
			golden.File(t, strings.TrimSuffix(file, ".yaml")+".golden", err.Error()+"\n")
		})
	}
}

func TestErrorsOutsideTheFile(t *testing.T) {
	minusOne := -1
	for _, test := range []struct {
		name string
		opts Overrides
		want string
	}{
		{"flag", Overrides{Name: "Web"}, `--name: "Web" is not valid; expected here: ` + rulesOf("name")},
		{
			"variable",
			Overrides{Env: env(map[string]string{"PROVISION_MAX_DESTROY": "many"})},
			`PROVISION_MAX_DESTROY: must be a whole number, not "many"`,
		},
		{"number", Overrides{MaxDestroy: &minusOne}, `--max-destroy: must be 0 or more, not -1`},
		{
			"region",
			Overrides{Regions: []string{"eu-west-1", "eu-west-9"}},
			`--regions: unknown region "eu-west-9"; did you mean "eu-west-1"?`,
		},
		{
			"region twice",
			Overrides{Regions: []string{"eu-west-1", "eu-west-1"}},
			`--regions: eu-west-1 is listed twice; remove one`,
		},
		{"bucket", Overrides{State: "s3:bucket"}, `--state: "s3:bucket" is not valid; expected here: ` + rulesOf("state.s3")},
		{
			"state elsewhere",
			Overrides{State: "http://example.com/x"},
			`--state: no state is kept at "http://example.com/x"; write a path, or s3://bucket/prefix`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Load("", test.opts); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func rulesOf(path string) string { return schemaAt(rules(), path).Description }

func TestErrorsOfUnusualFiles(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{
			"too large", strings.Repeat("#", maxFileSize+1),
			"provision.yaml: the file has 65537 bytes, more than the 65536 that are read",
		},
		{
			"too deep", "tags: " + strings.Repeat("[", 101),
			"provision.yaml:1:107: more than 100 brackets are open here",
		},
		{"not text", "name: \xff", "provision.yaml: the file is not UTF-8 text; save it as UTF-8"},
		{
			"wide characters", "tags: {größe: b, Name: c}", `1:18: tags: tag "Name": the program names each resource itself
   1 | tags: {größe: b, Name: c}
     |                  ^^^^`,
		},
		{"old line ends", "version: 1\rname: X\r", "\n   2 | name: X\n     |       ^"},
		{"windows line ends", "version: 1\r\nname: X\r\n", "\n   2 | name: X\n     |       ^"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := load(t, test.text, Overrides{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// A file of aliases to mistakes must not cost more than it has lines.
func TestErrorsAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("overrides:\n  eu-west-1: &all {a: 1, b: 2, c: 3}\n")
	for i := range maxErrors {
		fmt.Fprintf(&text, "  region-%d: *all\n", i)
	}
	_, err := load(t, text.String(), Overrides{})
	if found, ok := errors.AsType[Errors](err); !ok || len(found) != maxErrors {
		t.Errorf("got %d mistakes, want %d", len(found), maxErrors)
	}
}

func TestErrorKeepsTabsAboveTheCaret(t *testing.T) {
	e := Error{Origin: Origin{Source: FromFile, Name: "f", Line: 1, Column: 5, width: 2}, Message: "m", Excerpt: "a:\t bc"}
	if want := "f:1:5: m\n   1 | a:\t bc\n     |   \t ^^"; e.Error() != want {
		t.Errorf("got\n%s\nwant\n%s", e.Error(), want)
	}
}

func TestTagLimits(t *testing.T) {
	var many strings.Builder
	many.WriteString("tags:\n")
	for i := range maxTags + 1 {
		many.WriteString("  k" + strings.Repeat("x", i) + ": v\n")
	}
	for _, test := range []struct{ name, text, want string }{
		{"too many", many.String(), "provision.yaml:2:3: tags: 41 tags are more than 40"},
		{"key", "tags: {" + strings.Repeat("k", 129) + ": v}", "the tag's key has 129 characters, more than 128"},
		{"value", "tags: {k: " + strings.Repeat("v", 257) + "}", "the tag's value has 257 characters, more than 256"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := load(t, test.text, Overrides{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}
