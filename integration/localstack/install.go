package localstack

import (
	"context"
	"crypto/sha256"
	"embed"
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

// The provider needs no build: next to its module is the metadata by which LocalStack finds entry points.
//
//go:embed requirements.lock provider
var assets embed.FS

// installation is the folder of a virtual environment with LocalStack and the provider.
type installation string

func (i installation) python() string   { return filepath.Join(string(i), "venv", "bin", "python") }
func (i installation) provider() string { return filepath.Join(string(i), "provider") }
func (i installation) lockFile() string { return filepath.Join(string(i), "requirements.lock") }

// marker is written last: without it an installation was interrupted.
func (i installation) marker() string { return filepath.Join(string(i), "complete") }

// Python returns the interpreter of the virtual environment in which LocalStack is installed, and installs it where
// that has not been done. Its packages include boto3.
func Python(ctx context.Context) (string, error) {
	home, err := install(ctx)
	return home.python(), err
}

// install makes the virtual environment of this version of the lock file, unless it is there. Test binaries that run
// side by side wait for the one that installs.
func install(ctx context.Context) (installation, error) {
	home, err := location()
	if err != nil {
		return "", fmt.Errorf("install LocalStack: %w", err)
	}
	lock := flock.New(string(home) + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("install LocalStack: wait for another process that does (%s): %w", lock.Path(), err)
	}
	defer lock.Close()
	if home.works(ctx) {
		return home, nil
	}
	if err := home.build(ctx); err != nil {
		return "", fmt.Errorf("install LocalStack: %w", err)
	}
	return home, nil
}

// location names the folder after the packages to install, so that a new lock file gets a new folder.
func location() (installation, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "provision")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	sum := sha256.New()
	err = fs.WalkDir(assets, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := assets.ReadFile(path)
		_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", path, content)
		return err
	})
	return installation(filepath.Join(cache, "localstack-"+hex.EncodeToString(sum.Sum(nil))[:12])), err
}

// works is false, too, where the Python that the environment was made with has been removed since.
func (i installation) works(ctx context.Context) bool {
	if _, err := os.Stat(i.marker()); err != nil {
		return false
	}
	return exec.CommandContext(ctx, i.python(), "-c", "").Run() == nil
}

func (i installation) build(ctx context.Context) error {
	python, err := findPython(ctx)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(string(i)); err != nil {
		return err
	}
	if err := os.CopyFS(string(i), assets); err != nil {
		return err
	}
	if err := run(ctx, python, "-m", "venv", filepath.Join(string(i), "venv")); err != nil {
		return err
	}
	err = run(ctx, i.python(), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
		"--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", i.lockFile())
	if err != nil {
		return err
	}
	return os.WriteFile(i.marker(), nil, 0o644)
}

func run(ctx context.Context, name string, args ...string) error {
	output, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("%s %q: %w", name, args, err), errors.New(string(output)))
	}
	return nil
}
