package venv

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// LocalStack's code has syntax that Python 3.12 does not know, and the packages of all lock files are pinned for 3.13.
const probe = `import ensurepip, sys, venv
if sys.version_info[:2] != (3, 13): sys.exit("it is Python %d.%d" % sys.version_info[:2])`

// findPython returns a Python 3.13 that runs and can make virtual environments.
func findPython(ctx context.Context) (string, error) {
	tried := []error{errors.New(
		"no working Python 3.13 (python.org, `apt install python3.13-venv`, `brew install python@3.13`, " +
			"`pyenv install 3.13` or uv): install one, or leave out the tests that need it with -short; tried")}
	for _, source := range []func(context.Context) ([]string, error){fromPath, fromPyenv, fromUV} {
		found, err := source(ctx)
		if err != nil {
			tried = append(tried, err)
		}
		for _, python := range found {
			err := probePython(ctx, python)
			if err == nil {
				return python, nil
			}
			tried = append(tried, err)
		}
	}
	return "", errors.Join(tried...)
}

// probePython runs it: a command of that name may be a shim with no version behind it.
func probePython(ctx context.Context, python string) error {
	output, err := exec.CommandContext(ctx, python, "-c", probe).CombinedOutput()
	if err != nil {
		reason, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
		return fmt.Errorf("%s: %w: %s", python, err, reason)
	}
	return nil
}

func fromPath(context.Context) ([]string, error) {
	var found []string
	var missing []error
	for _, name := range []string{"python3.13", "python3", "python"} {
		path, err := exec.LookPath(name)
		if err != nil {
			missing = append(missing, err)
			continue
		}
		found = append(found, path)
	}
	return found, errors.Join(missing...)
}

func fromPyenv(ctx context.Context) ([]string, error) {
	root, err := output(ctx, "pyenv", "root")
	if err != nil {
		return nil, err
	}
	found, err := filepath.Glob(filepath.Join(root, "versions", "3.13*", "bin", "python3.13"))
	slices.Reverse(found) // the newest first
	return found, err
}

func fromUV(ctx context.Context) ([]string, error) {
	if _, err := output(ctx, "uv", "python", "install", "3.13"); err != nil {
		return nil, err
	}
	python, err := output(ctx, "uv", "python", "find", "3.13")
	return []string{python}, err
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	text, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(text)), nil
}
