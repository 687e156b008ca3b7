// Command mutants tries the mutants of the functions that keep a promise (docs/reliability.md), or of whole packages:
//
//	go run ./integration/mutants/cmd/mutants                         # the promises
//	go run ./integration/mutants/cmd/mutants -promised pkg/graph     # those of a package
//	go run ./integration/mutants/cmd/mutants pkg/graph               # all of a package
//	go run ./integration/mutants/cmd/mutants pkg/stack:removing.go   # one file
//
// It ends with 1 when a mutant survives, or fewer than -least of a hundred are killed.
package main

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"

	"provision/integration/mutants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root := flag.String("root", ".", "the module's root")
	least := flag.Float64("least", 100, "how many of a hundred mutants of each package must be killed")
	long := flag.Bool("long", false, "run what -short leaves out, too")
	tests := flag.String("run", "", "ask only the tests whose name matches, which is quicker: what they kill is killed")
	workers := flag.Int("workers", 2, "tests that run at a time")
	promised := flag.Bool("promised", false, "try only what keeps a promise of the packages named, or of all packages if none is named")
	flag.Parse()
	equivalent, err := mutants.ReadEquivalent(filepath.Join(*root, "integration/mutants/equivalent.txt"))
	if err != nil {
		return err
	}
	targets, err := chosen(*root, flag.Args(), *promised)
	if err != nil {
		return err
	}
	var printing sync.Mutex
	tell := func(line string) {
		printing.Lock()
		defer printing.Unlock()
		fmt.Println("survives:", line)
	}
	options := mutants.Options{Root: *root, Short: !*long, Workers: *workers, Tests: *tests, Equivalent: equivalent, Tell: tell}
	var few []string
	var results []mutants.Result
	for _, target := range targets {
		result, err := mutants.Run(ctx, target, options)
		if err != nil {
			return err
		}
		results = append(results, result)
		fmt.Printf("%-24s %4d killed, %3d survive, %3d equivalent: %.1f %%\n",
			result.Target.Package, result.Killed, len(result.Survivors), result.Equivalent, result.Share())
		if result.Share() < *least {
			few = append(few, result.Target.Package)
		}
	}
	if stale := mutants.Stale(results, equivalent); len(stale) > 0 {
		return fmt.Errorf("equivalent.txt lists what is no mutant: %s", strings.Join(stale, "; "))
	}
	if len(few) > 0 {
		return fmt.Errorf("fewer than %g of 100 mutants are killed in %s", *least, strings.Join(few, ", "))
	}
	return nil
}

// chosen are the packages or files that the arguments name, or else what keeps the promises.
func chosen(root string, args []string, promised bool) ([]mutants.Target, error) {
	if len(args) == 0 || promised {
		promises, err := mutants.ReadPromises(filepath.Join(root, "docs/reliability.md"))
		if err != nil {
			return nil, err
		}
		return mutants.TargetsIn(args, promises)
	}
	targets := make([]mutants.Target, 0, len(args))
	for _, arg := range args {
		folder, file, _ := strings.Cut(strings.TrimPrefix(arg, "./"), ":")
		target := mutants.Target{Package: strings.TrimSuffix(folder, "/")}
		if file != "" {
			functions, err := functionsOf(filepath.Join(root, folder, file))
			if err != nil {
				return nil, err
			}
			target.Funcs = map[string][]string{file: functions}
		}
		targets = append(targets, target)
	}
	return targets, nil
}

func functionsOf(file string) ([]string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, declaration := range parsed.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			names = append(names, mutants.FuncName(function))
		}
	}
	return names, nil
}
