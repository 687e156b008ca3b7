package performance

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"provision/integration/golden"
	"provision/integration/localstack"
	release "provision/integration/program"
	"provision/integration/proxy"
	"provision/pkg/sandbox"
)

// program is the compiled program, in a folder of its own.
type program struct {
	path, folder string
	env          []string
}

// build compiles the program as it is released.
func build(t *testing.T) *program {
	t.Helper()
	p := &program{path: filepath.Join(t.TempDir(), "provision"), folder: t.TempDir()}
	if err := release.Release(p.path); err != nil {
		t.Fatal(err)
	}
	return p
}

// run returns what the process took.
func (p *program) run(t *testing.T, args ...string) *os.ProcessState {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Dir, cmd.Env = p.folder, p.env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n… %s", args, err, out[max(0, len(out)-2000):])
	}
	return cmd.ProcessState
}

func cpu(s *os.ProcessState) time.Duration { return s.UserTime() + s.SystemTime() }

// peak runs the program and returns the largest resident set that was seen of it, in bytes. The number that wait4 gives for
// a child counts the parent's memory from before the exec.
func (p *program) peak(t *testing.T, args ...string) (largest int64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), p.path, args...)
	cmd.Dir, cmd.Env = p.folder, p.env
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil || largest == 0 {
				t.Fatalf("%v: %v, with %d bytes of memory seen", args, err, largest)
			}
			return largest
		case <-every.C:
			largest = max(largest, highWater(cmd.Process.Pid))
		}
	}
}

// highWater is a process's largest resident set so far, in bytes; 0 where /proc does not tell.
func highWater(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // it may have ended just now
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); n == 1 {
			return kilobytes * 1024
		}
	}
	return 0
}

// onSandbox lets the program work on a sandbox that this process serves, whose time goes so fast that nothing is waited
// for.
func (p *program) onSandbox(t *testing.T, regions []string) {
	t.Helper()
	const speed = 2000
	box := sandbox.New(sandbox.Options{Clock: sandbox.NewScaledClock(speed), OptedIn: regions})
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	p.env = localstack.Environment(server.URL, sandbox.DefaultAccount)
}

// The compiled program's use of this machine is measured. Sizes are asserted, times are only reported.
func TestMeasureMachine(t *testing.T) {
	if !golden.Update() {
		t.Skip("compiles the program without the race detector, for `make bench`; -update does so")
	}
	p := build(t)
	m := Machine{Name: fmt.Sprintf("%d CPUs, %s/%s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)}
	info, err := os.Stat(p.path)
	if err != nil {
		t.Fatal(err)
	}
	m.Size = info.Size()
	p.env = os.Environ()
	m.Version = cpu(p.run(t, "version"))

	p.onSandbox(t, someRegions(allRegions))
	some := []string{"--regions", strings.Join(someRegions(17), ",")}
	m.RSS = p.peak(t, append([]string{"up", "--yes", "--skip-verify"}, some...)...)
	all := []string{"--regions", strings.Join(someRegions(allRegions), ",")}
	p.run(t, append([]string{"up", "--yes", "--skip-verify"}, all...)...)
	m.Plan = cpu(p.run(t, append([]string{"plan"}, all...)...))
	t.Logf("%+v", m)

	const mostRSS, mostSize = 60 << 20, 40_000_000
	if m.RSS > mostRSS || m.Size > mostSize {
		t.Errorf("an up of 17 regions takes %d bytes of memory, want %d at most; the program has %d bytes, want %d at most",
			m.RSS, mostRSS, m.Size, mostSize)
	}
	m.Wall = p.walls(t)
	golden.File(t, "testdata/"+MachineFile, toJSON(t, m))
}

// eight are regions that LocalStack has instance types in.
var eight = []string{
	"eu-west-1", "us-east-1", "us-east-2", "us-west-2", "ca-central-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1",
}

// walls are what the commands take on LocalStack behind a proxy that adds 50 ms to each call.
func (p *program) walls(t *testing.T) []Wall {
	t.Helper()
	endpoint := localstack.Endpoint(t)
	slow := proxy.New(t, endpoint)
	slow.SetLatency(50 * time.Millisecond)
	p.folder, p.env = t.TempDir(), localstack.Environment(endpoint, localstack.Account(t))
	p.run(t, "up", "--yes", "--skip-verify", "--regions", eight[0]) // LocalStack loads a service when it is first called

	var walls []Wall
	for _, regions := range [][]string{eight[:1], eight} {
		p.folder, p.env = t.TempDir(), localstack.Environment(slow.URL, localstack.Account(t))
		for _, command := range [][]string{{"up", "--yes", "--skip-verify"}, {"plan"}, {"down", "--yes"}} {
			start := time.Now()
			p.run(t, append(command, "--regions", strings.Join(regions, ","))...)
			walls = append(walls, Wall{fmt.Sprintf("%s, %d", command[0], len(regions)), time.Since(start)})
		}
	}
	return walls
}
