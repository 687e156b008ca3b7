package mutants

import (
	"cmp"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Promise is a sentence of a document, and the functions that keep it.
type Promise struct {
	Document string // such as README.md
	Words    string // as they stand there
	Kept     []Place
}

// Place is a function.
type Place struct {
	File string // such as pkg/stack/removing.go
	Func string // such as gone, or removal.ours for a method
}

var (
	row   = regexp.MustCompile(`^\| ([A-Z]+\.md): “(.+)” \| (.+) \|$`)
	place = regexp.MustCompile("`([a-z][a-z0-9_/]*\\.go)`: ((?:`[A-Za-z0-9_.]+`(?:, )?)+)")
	name  = regexp.MustCompile("`([A-Za-z0-9_.]+)`")
)

// ReadPromises reads the table of promises, whose rows are: document: “words” | `file`: `function`, `function`; …
func ReadPromises(file string) ([]Promise, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var promises []Promise
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := row.FindStringSubmatch(line)
		if cells == nil {
			continue
		}
		promise := Promise{Document: cells[1], Words: cells[2]}
		for _, found := range place.FindAllStringSubmatch(cells[3], -1) {
			for _, function := range name.FindAllStringSubmatch(found[2], -1) {
				promise.Kept = append(promise.Kept, Place{found[1], function[1]})
			}
		}
		if len(promise.Kept) == 0 {
			return nil, fmt.Errorf("%s: no function keeps “%s”", file, promise.Words)
		}
		promises = append(promises, promise)
	}
	if len(promises) == 0 {
		return nil, fmt.Errorf("%s has no table of promises", file)
	}
	return promises, nil
}

// TargetsIn are the targets of the named packages, in that order; those of all packages if none is named. It is an error
// if one keeps no promise: a name that was misspelled must not count as tried.
func TargetsIn(packages []string, promises []Promise) ([]Target, error) {
	all := Targets(promises)
	if len(packages) == 0 {
		return all, nil
	}
	targets := make([]Target, 0, len(packages))
	for _, name := range packages {
		i := slices.IndexFunc(all, func(t Target) bool { return t.Package == path.Clean(name) })
		if i < 0 {
			return nil, fmt.Errorf("%s keeps no promise; those that do are %s", name, packagesOf(all))
		}
		targets = append(targets, all[i])
	}
	return targets, nil
}

func packagesOf(targets []Target) string {
	names := make([]string, 0, len(targets))
	for _, t := range targets {
		names = append(names, t.Package)
	}
	return strings.Join(names, ", ")
}

// Targets are the packages of the promises' functions, in order.
func Targets(promises []Promise) []Target {
	byPackage := map[string]Target{}
	for _, promise := range promises {
		for _, kept := range promise.Kept {
			folder, file := path.Dir(kept.File), path.Base(kept.File)
			if byPackage[folder].Funcs == nil {
				byPackage[folder] = Target{Package: folder, Funcs: map[string][]string{}}
			}
			byPackage[folder].Funcs[file] = append(byPackage[folder].Funcs[file], kept.Func)
		}
	}
	targets := make([]Target, 0, len(byPackage))
	for _, target := range byPackage {
		targets = append(targets, target)
	}
	slices.SortFunc(targets, func(a, b Target) int { return cmp.Compare(a.Package, b.Package) })
	return targets
}
