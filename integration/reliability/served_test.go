package reliability

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"provision/integration/inventory"
	"provision/integration/localstack"
	"provision/integration/program"
	"provision/integration/proxy"
	"provision/pkg/state"
)

// speed is how many times faster than AWS the served sandbox's time goes.
const speed = "600"

// served is an account of a sandbox that `provision sandbox serve` answers for, seen through a proxy of the test's own.
type served struct {
	*testing.T
	proxy       *proxy.Proxy
	config      aws.Config // leads past the proxy
	folder      string     // of the state
	environment []string
}

// serve starts a sandbox in a process of its own, and returns its URL.
func serve(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(program.Path(t), "sandbox", "serve", "--port", "0", "--sandbox-speed", speed,
		"--sandbox-file", filepath.Join(t.TempDir(), "sandbox.json"))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		must(t, cmd.Process.Signal(syscall.SIGTERM))
		if err := cmd.Wait(); err != nil {
			t.Errorf("the sandbox ended with %v", err)
		}
	})
	url, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(url)
}

func newServed(t *testing.T, endpoint, account string) *served {
	p, folder := proxy.New(t, endpoint), t.TempDir()
	settings, err := os.ReadFile(small)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, "provision.yaml"), settings, 0o600))
	return &served{
		T: t, proxy: p, folder: folder, config: localstack.Config(endpoint, account, region),
		environment: localstack.Environment(p.URL, account),
	}
}

// start runs a command of the program on the small stack.
func (s *served) start(command string, arguments ...string) *process {
	s.Helper()
	arguments = append([]string{command, "--regions", region, "--progress", "none"}, arguments...)
	return start(s.T, s.folder, s.environment, arguments...)
}

// must runs a command that is to succeed.
func (s *served) must(command string, arguments ...string) {
	s.Helper()
	p := s.start(command, arguments...)
	if code := p.end(s.T); code != exitDone {
		s.Fatalf("provision %s ends with %d:\n%s", command, code, p.said())
	}
}

// at does something to a command when its n-th call arrives. It returns the exit code.
func (s *served) at(n int, mode proxy.Mode, do func(*process), command string, arguments ...string) (*process, int) {
	s.Helper()
	s.proxy.Reset()
	defer s.proxy.Reset()
	begun := make(chan *process, 1)
	s.proxy.Inject(proxy.Fault{Nth: n, Mode: mode, Then: func() { do(<-begun) }})
	p := s.start(command, arguments...)
	begun <- p
	return p, p.end(s.T)
}

// inventory is all that is in the account.
func (s *served) inventory() inventory.Inventory {
	s.Helper()
	all, err := inventory.List(s.Context(), s.config, region)
	must(s.T, err)
	return all
}

// mustHeal checks that one more up, and one more down, leave exactly what they should.
func (s *served) mustHeal(before inventory.Inventory, undisturbed map[string]int) {
	s.Helper()
	s.must("up", "--yes")
	s.must("plan", "--detailed-exitcode")
	if diff := cmp.Diff(undisturbed, s.inventory().Without(before).Count()); diff != "" {
		s.Errorf("what there is of each kind (-after an undisturbed up +now):\n%s", diff)
	}
	s.must("down", "--yes")
	if diff := inventory.Diff(before, s.inventory()); diff != "" {
		s.Errorf("after down there differs:\n%s", diff)
	}
}

// mustKnowAll checks that the state knows everything in the account that bears its owner's tag.
func (s *served) mustKnowAll() {
	s.Helper()
	d, err := state.NewLocal(filepath.Join(s.folder, state.DefaultPath("web")), state.Options{}).Load(s.Context())
	must(s.T, err)
	known := map[string]bool{}
	for _, part := range d.Regions {
		for _, resource := range part.Resources {
			known[resource.ID] = true
		}
	}
	for _, r := range s.inventory() {
		if strings.Contains(r.Text, d.Owner) && d.Owner != "" && !launched[r.Kind] && r.Region == region && !known[r.ID] {
			s.Errorf("%s %s was made, and the state does not know it", r.Kind, r.ID)
		}
	}
}

// undisturbedServed is what there is in a new account, and after an up there.
func undisturbedServed(t *testing.T, endpoint string) (before inventory.Inventory, count map[string]int) {
	s := newServed(t, endpoint, "100000000000")
	before = s.inventory()
	s.must("up", "--yes")
	return before, s.inventory().Without(before).Count()
}

// accountOf is an account for a seed.
func accountOf(seed uint64) string { return fmt.Sprintf("2%011d", seed) }

// draw is a way for a process to meet its end: at some call, before AWS does it, after it, or while.
func draw(random *rand.Rand) (n int, mode proxy.Mode) {
	return 1 + random.IntN(70), []proxy.Mode{proxy.DropRequest, proxy.LoseAnswer, proxy.Pass}[random.IntN(3)]
}
