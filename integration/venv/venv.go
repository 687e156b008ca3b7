package venv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// LockFile is the name of the file, among what is installed, that lists the packages.
const LockFile = "requirements.lock"

// Home is the folder of a virtual environment, and of the files that were installed with it.
type Home string

// Python is the interpreter of the virtual environment.
func (h Home) Python() string { return filepath.Join(string(h), "venv", "bin", "python") }

// Path is that of a file that was installed.
func (h Home) Path(name string) string { return filepath.Join(string(h), name) }

// marker is written last: without it an installation was interrupted.
func (h Home) marker() string { return h.Path("complete") }

// Install makes a virtual environment with the packages of the lock file among the files, unless there is one. Test
// binaries that run side by side wait for the one that installs.
func Install(ctx context.Context, name string, files fs.FS) (Home, error) {
	home, err := location(name, files)
	if err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	lock := flock.New(string(home) + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("install %s: wait for another process that does (%s): %w", name, lock.Path(), err)
	}
	defer lock.Close()
	if home.works(ctx) {
		return home, nil
	}
	if err := home.build(ctx, files); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	return home, nil
}

// Cache is the folder of all that the suites install.
func Cache() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "provision")
	return cache, os.MkdirAll(cache, 0o755)
}

// location names the folder after what will be installed, so that a new lock file gets a new folder.
func location(name string, files fs.FS) (Home, error) {
	cache, err := Cache()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	err = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", path, content)
		return err
	})
	return Home(filepath.Join(cache, name+"-"+hex.EncodeToString(sum.Sum(nil))[:12])), err
}

// works is false, too, where the Python that the environment was made with has been removed since.
func (h Home) works(ctx context.Context) bool {
	if _, err := os.Stat(h.marker()); err != nil {
		return false
	}
	return exec.CommandContext(ctx, h.Python(), "-c", "").Run() == nil
}

func (h Home) build(ctx context.Context, files fs.FS) error {
	python, err := findPython(ctx)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(string(h)); err != nil {
		return err
	}
	if err := os.CopyFS(string(h), files); err != nil {
		return err
	}
	if err := run(ctx, python, "-m", "venv", h.Path("venv")); err != nil {
		return err
	}
	err = run(ctx, h.Python(), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
		"--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", h.Path(LockFile))
	if err != nil {
		return err
	}
	return os.WriteFile(h.marker(), nil, 0o644)
}

func run(ctx context.Context, name string, args ...string) error {
	output, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("%s %q: %w", name, args, err), errors.New(string(output)))
	}
	return nil
}
