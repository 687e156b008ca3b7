package mutants

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Target is a package and those of its functions that are mutated; with no function it is all of them.
type Target struct {
	Package string              // its folder below the module's root, such as pkg/stack
	Funcs   map[string][]string // file, such as removing.go → functions
}

func (t Target) chosen(file string) func(string) bool {
	return func(function string) bool { return len(t.Funcs) == 0 || slices.Contains(t.Funcs[file], function) }
}

// listed is what `go list` says of a package.
type listed struct {
	Name         string
	Dir          string
	GoFiles      []string
	TestImports  []string
	XTestImports []string
}

// build compiles the tests of a package with all its mutants in it, into a program in the folder.
func build(root string, target Target, folder string) (program string, found []Mutant, err error) {
	pkg, err := list(root, target.Package)
	if err != nil {
		return "", nil, err
	}
	number := 0
	next := func() int { number++; return number }
	replaced := map[string]string{}
	put := func(name string, source []byte) error {
		replaced[filepath.Join(pkg.Dir, name)] = filepath.Join(folder, name)
		return os.WriteFile(filepath.Join(folder, name), source, 0o600)
	}
	for _, name := range pkg.GoFiles {
		source, err := os.ReadFile(filepath.Join(pkg.Dir, name))
		if err != nil {
			return "", nil, err
		}
		mutants, changed, err := mutate(filepath.ToSlash(filepath.Join(target.Package, name)), source, target.chosen(name), next)
		if err != nil {
			return "", nil, err
		}
		if found = append(found, mutants...); len(mutants) == 0 {
			continue
		}
		if err := put(name, changed); err != nil {
			return "", nil, err
		}
	}
	if len(found) == 0 {
		return "", nil, fmt.Errorf("%s: none of the chosen functions has anything to mutate", target.Package)
	}
	if err := put("mutant_switch.go", switchSource(pkg.Name, number)); err != nil {
		return "", nil, err
	}
	program = filepath.Join(folder, "mutants.test")
	return program, found, compile(root, target.Package, program, replaced)
}

func list(root, folder string) (pkg listed, err error) {
	command := exec.Command("go", "list", "-json=Name,Dir,GoFiles,TestImports,XTestImports", "./"+folder)
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		return listed{}, fmt.Errorf("go list ./%s: %w", folder, withOutput(err))
	}
	return pkg, json.Unmarshal(out, &pkg)
}

// quiet are the arguments without which a package's tests write down, in its folder, what a mutant made fail.
func (p listed) quiet() []string {
	if slices.Contains(slices.Concat(p.TestImports, p.XTestImports), "pgregory.net/rapid") {
		return []string{"-rapid.nofailfile"}
	}
	return nil
}

func compile(root, folder, program string, replaced map[string]string) error {
	overlay, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return err
	}
	file := program + ".overlay.json"
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return err
	}
	command := exec.Command("go", "test", "-c", "-vet=off", "-overlay", file, "-o", program, "./"+folder)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("compile ./%s with its mutants: %w\n%s", folder, err, bytes.TrimSpace(out))
	}
	return nil
}

// withOutput adds what a program said to how it ended.
func withOutput(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	return err
}
