package docs

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"provision/pkg/kinds"
)

const recipe = "../../docs/adding-a-resource.md"

var place = regexp.MustCompile("`((?:pkg|integration|cmd)/[^` ]+)`")

// The page on new kinds names each place that knows kinds by name, and no place that is gone.
func TestPlacesOfAKind(t *testing.T) {
	page := read(t, recipe)
	var places []string
	for _, match := range place.FindAllStringSubmatch(page, -1) {
		if _, err := os.Stat(filepath.Join("../..", match[1])); err != nil {
			t.Errorf("%s names %s, which does not exist", recipe, match[1])
		}
		places = append(places, match[1])
	}
	for file, name := range naming(t) {
		listed := slices.ContainsFunc(places, func(place string) bool {
			return file == place || strings.HasPrefix(file, place+"/")
		})
		if !listed {
			t.Errorf("%s names the kind %q, and %s does not name the file", file, name, recipe)
		}
	}
	_, rest, found := strings.Cut(page, "## The other places of every kind")
	if !found {
		t.Fatalf("%s has no list of places", recipe)
	}
	every, _, _ := strings.Cut(rest, "## Places of some")
	for _, match := range place.FindAllStringSubmatch(every, -1) {
		if !slices.ContainsFunc(sources(t, match[1]), func(file string) bool { return kindIn(t, file) != "" }) {
			t.Errorf("%s names %s as a place of every kind, and it names none", recipe, match[1])
		}
	}
	for _, match := range regexp.MustCompile("`(Test[A-Za-z]+)` in `([^`]+)`").FindAllStringSubmatch(page, -1) {
		if !testIn(t, match[1], match[2]) {
			t.Errorf("%s names %s, which is not in %s", recipe, match[1], match[2])
		}
	}
}

// naming are the files with a kind's name in their code, outside of the packages of the kinds.
func naming(t *testing.T) map[string]string {
	found := map[string]string{}
	for _, root := range []string{"pkg", "cmd", "integration"} {
		for _, file := range sources(t, root) {
			own := slices.Contains([]string{"pkg/network", "pkg/compute", "pkg/lb", "pkg/access", "pkg/observe"}, filepath.Dir(file))
			if name := kindIn(t, file); name != "" && !own {
				found[file] = name
			}
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %d files name a kind: %v", len(found), found)
	}
	return found
}

// sources are the files with Go code at or below a place, without tests.
func sources(t *testing.T, place string) []string {
	var files []string
	err := filepath.WalkDir(filepath.Join("../..", place), func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash("../../"))))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// kindIn is a kind that a string in the file's code names, as a key or on its own. Names that are plain words, such as
// "instance", can mean anything and are left out.
func kindIn(t *testing.T, file string) string {
	text := []byte(read(t, filepath.Join("../..", file)))
	set := token.NewFileSet()
	var s scanner.Scanner
	s.Init(set.AddFile(file, -1, len(text)), text, nil, 0)
	for {
		_, tok, literal := s.Scan()
		switch tok {
		case token.EOF:
			return ""
		case token.STRING:
			value, err := strconv.Unquote(literal)
			name, _, _ := strings.Cut(value, "/")
			if err == nil && (strings.Contains(name, "-") || name == "vpc") && isKind(name) {
				return name
			}
		}
	}
}

func isKind(name string) bool {
	for _, r := range kinds.All() {
		if r.Name() == name {
			return true
		}
	}
	return false
}

func testIn(t *testing.T, name, folder string) bool {
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		return strings.Contains(read(t, file), "func "+name+"(")
	})
}
