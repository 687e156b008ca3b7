package localstack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"provision/integration/venv"
)

// background is how a later process finds the LocalStack that [StartBackground] left running.
type background struct {
	Endpoint string `json:"endpoint"`
	PID      int    `json:"pid"`
	Root     string `json:"root"` // the folder to remove when it has ended
}

// StartBackground starts a LocalStack that stays until [StopBackground], and returns its endpoint. Where it runs
// already, that one is returned.
func StartBackground(ctx context.Context) (string, error) {
	path, err := backgroundPath()
	if err != nil {
		return "", err
	}
	running, err := readBackground(path)
	if err != nil {
		return "", err
	}
	if running.Endpoint != "" && answers(ctx, running.Endpoint) {
		return running.Endpoint, nil
	}
	home, err := install(ctx)
	if err != nil {
		return "", err
	}
	process, err := launch(ctx, home, untilStopped)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(background{Endpoint: process.endpoint, PID: process.cmd.Process.Pid, Root: process.root})
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("write down where LocalStack runs: %w", err), process.stop())
	}
	return process.endpoint, nil
}

// StopBackground ends what [StartBackground] started. That nothing runs is no error.
func StopBackground(ctx context.Context) error {
	path, err := backgroundPath()
	if err != nil {
		return err
	}
	running, err := readBackground(path)
	if err != nil || running.Endpoint == "" {
		return err
	}
	if err := running.kill(ctx); err != nil {
		return fmt.Errorf("stop LocalStack at %s: %w", running.Endpoint, err)
	}
	return errors.Join(os.RemoveAll(running.Root), os.Remove(path))
}

// kill ends the process only if its LocalStack answers: the ID of an ended process may belong to another by now.
func (b background) kill(ctx context.Context) error {
	if !answers(ctx, b.Endpoint) {
		return nil
	}
	process, err := os.FindProcess(b.PID)
	if err != nil {
		return err
	}
	return process.Kill()
}

// readBackground returns the zero value where none was started.
func readBackground(path string) (background, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return background{}, nil
	}
	var b background
	if err == nil {
		err = json.Unmarshal(text, &b)
	}
	if err != nil {
		return b, fmt.Errorf("find out where LocalStack runs: %s: %w; remove the file to start a new one", path, err)
	}
	return b, nil
}

func backgroundPath() (string, error) {
	cache, err := venv.Cache()
	return filepath.Join(cache, "localstack-background.json"), err
}
