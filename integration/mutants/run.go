package mutants

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"strings"
)

// Options say how the mutants are tried.
type Options struct {
	Root       string            // the module's
	Short      bool              // leave out what -short does
	Workers    int               // tests that run at a time
	Tests      string            // a pattern of those that are asked; empty: all
	Equivalent map[string]string // mutants that change nothing visible, with the reason
	Tell       func(string)      // is told what survives as it is found, and may be nil
}

// Result is what became of a package's mutants.
type Result struct {
	Target     Target
	Killed     int
	Equivalent int
	Survivors  []Survivor
	Mutants    []Mutant
}

// Survivor is a mutant that no test noticed.
type Survivor struct {
	Mutant
	Reached bool // some test comes by it
}

func (s Survivor) String() string {
	if s.Reached {
		return s.Mutant.String()
	}
	return s.Mutant.String() + " (no test comes by)"
}

// Share is how many of a hundred were killed, of those that could be.
func (r Result) Share() float64 {
	return 100 * float64(r.Killed) / float64(max(1, r.Killed+len(r.Survivors)))
}

// Run tries every mutant of a package.
func Run(ctx context.Context, target Target, options Options) (Result, error) {
	folder, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	program, found, err := build(options.Root, target, folder)
	if err != nil {
		return Result{}, err
	}
	pkg, err := list(options.Root, target.Package)
	if err != nil {
		return Result{}, err
	}
	s := suite{
		program: program, dir: pkg.Dir, short: options.Short, quiet: pkg.quiet(), workers: max(1, options.Workers),
		pattern: cmp.Or(options.Tests, "^Test"),
	}
	tests, err := s.survey(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", target.Package, err)
	}
	return s.try(ctx, target, found, tests, options)
}

func (s suite) try(ctx context.Context, target Target, found []Mutant, tests []test, options Options) (Result, error) {
	result := Result{Target: target, Mutants: found}
	killed, failed := make([]bool, len(found)), make([]error, len(found))
	survivor := func(i int) Survivor { return Survivor{found[i], reached(found[i].Number, tests)} }
	s.each(len(found), func(i int) {
		if _, ok := options.Equivalent[found[i].key()]; ok {
			return
		}
		killed[i], failed[i] = s.killed(ctx, found[i].Number, tests)
		if !killed[i] && failed[i] == nil && options.Tell != nil {
			options.Tell(survivor(i).String())
		}
	})
	for i, m := range found {
		_, equivalent := options.Equivalent[m.key()]
		switch {
		case failed[i] != nil:
			return Result{}, fmt.Errorf("%s: %w", m, failed[i])
		case equivalent:
			result.Equivalent++
		case killed[i]:
			result.Killed++
		default:
			result.Survivors = append(result.Survivors, survivor(i))
		}
	}
	return result, nil
}

func reached(number int, tests []test) bool {
	for _, each := range tests {
		if each.reaches[number] {
			return true
		}
	}
	return false
}

// Stale are the entries of the list of equivalents, for functions whose mutants were tried, that name no mutant.
func Stale(results []Result, equivalent map[string]string) []string {
	var stale []string
	for _, result := range results {
		known := map[string]bool{}
		for _, m := range result.Mutants {
			known[m.key()] = true
		}
		for key := range equivalent {
			file, rest, _ := strings.Cut(key, " | ")
			function, _, _ := strings.Cut(rest, " | ")
			tried := path.Dir(file) == result.Target.Package && result.Target.chosen(path.Base(file))(function)
			if tried && !known[key] {
				stale = append(stale, key)
			}
		}
	}
	return stale
}
