package localstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"provision/integration/venv"
)

// lifetime ends a LocalStack that was not stopped.
type lifetime int

const (
	untilParentEnds lifetime = iota
	untilStopped
)

const (
	startTimeout = 15 * time.Minute // for one that hangs: it takes seconds, and minutes on a busy machine
	stopTimeout  = 10 * time.Second
	startTries   = 3
)

var errPortTaken = errors.New("its port was taken by another process")

// process is a running LocalStack with a folder of its own.
type process struct {
	endpoint string
	root     string
	parent   io.Closer // closing it ends LocalStack, as does the end of this process
	cmd      *exec.Cmd
	ended    chan struct{} // closed when it has; then its exit is in cmd.ProcessState
}

// launch starts LocalStack and waits until it is healthy. Another process can take the port that was free a moment
// ago; that alone is tried again.
func launch(ctx context.Context, home venv.Home, life lifetime) (*process, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for try := 1; ; try++ {
		p, err := spawn(ctx, home, life)
		if err != nil {
			return nil, fmt.Errorf("start LocalStack: %w", err)
		}
		err = p.healthy(ctx)
		if err == nil {
			return p, nil
		}
		if stopErr := p.stop(); stopErr != nil {
			return nil, fmt.Errorf("start LocalStack: %w; %w", err, stopErr)
		}
		if try == startTries || !errors.Is(err, errPortTaken) {
			return nil, fmt.Errorf("start LocalStack: %w", err)
		}
	}
}

func spawn(ctx context.Context, home venv.Home, life lifetime) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "provision-localstack-")
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(root, "log"))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(root))
	}
	defer log.Close()

	// Not CommandContext: the server outlives the context of its start.
	cmd := exec.Command(home.Python(), "-m", "provision_localstack")
	cmd.Env = environment(home, root, address)
	cmd.Dir, cmd.Stdout, cmd.Stderr = root, log, log
	cmd.SysProcAttr = ownSession()
	p := &process{endpoint: "http://" + address, root: root, cmd: cmd, ended: make(chan struct{})}
	if life == untilParentEnds {
		if p.parent, err = cmd.StdinPipe(); err != nil {
			return nil, errors.Join(err, os.RemoveAll(root))
		}
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(root))
	}
	go p.wait()
	return p, nil
}

func (p *process) wait() {
	defer close(p.ended)
	_ = p.cmd.Wait() // how it ended is in cmd.ProcessState
}

// stop ends LocalStack at once; its state is thrown away with its folder.
func (p *process) stop() error {
	if p.parent != nil {
		_ = p.parent.Close() // fails only where the process has gone
	} else {
		_ = p.cmd.Process.Kill()
	}
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	if err := os.RemoveAll(p.root); err != nil {
		return fmt.Errorf("remove the folder of LocalStack: %w", err)
	}
	return nil
}

// failure says how LocalStack ended before it was healthy, with the end of its log.
func (p *process) failure() error {
	log, err := os.ReadFile(filepath.Join(p.root, "log"))
	if err != nil {
		return fmt.Errorf("it ended (%s) and left no log: %w", p.cmd.ProcessState, err)
	}
	if bytes.Contains(bytes.ToLower(log), []byte("address already in use")) {
		return errPortTaken
	}
	const tail = 4000
	return fmt.Errorf("it ended (%s), its log ends with:\n%s", p.cmd.ProcessState, log[max(0, len(log)-tail):])
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
