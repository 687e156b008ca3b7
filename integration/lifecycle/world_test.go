package lifecycle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"provision/integration/inventory"
	"provision/integration/localstack"
	"provision/integration/proxy"
)

// home is the region of tests that need just one.
const home = "eu-west-1"

// world is a test's own account, seen through a proxy of its own, and a folder for settings and state.
type world struct {
	t           *testing.T
	proxy       *proxy.Proxy
	config      aws.Config // leads past the proxy
	account     string
	regions     []string
	folder      string
	environment []string
	before      inventory.Inventory // what a new account has
}

func newWorld(t *testing.T, regions ...string) *world {
	t.Helper()
	endpoint := localstack.Endpoint(t)
	w := &world{t: t, account: localstack.Account(t), regions: regions, folder: t.TempDir()}
	w.proxy = proxy.New(t, endpoint)
	w.config = localstack.Config(endpoint, w.account, regions[0])
	w.config.HTTPClient = awshttp.NewBuildableClient() // one for all clients: each would keep connections of its own
	w.environment = localstack.Environment(w.proxy.URL, w.account)
	w.before = w.list()
	return w
}

// with is the world for a test within the test.
func (w *world) with(t *testing.T) *world {
	inner := *w
	inner.t = t
	return &inner
}

// settings writes the settings file.
func (w *world) settings(yaml string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, "provision.yaml"), []byte(yaml), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// run runs a command of the program without a user to answer its questions.
func (w *world) run(arguments ...string) result {
	w.t.Helper()
	return w.answer("", arguments...)
}

// answer runs a command and answers its questions.
func (w *world) answer(input string, arguments ...string) result {
	w.t.Helper()
	earlier := len(w.proxy.Calls())
	r := start(w.t, w.folder, w.environment, input, arguments...).result(w.t)
	r.calls = w.proxy.Calls()[earlier:]
	return r
}

// up brings up the world's regions.
func (w *world) up(arguments ...string) result {
	w.t.Helper()
	return w.run(append([]string{"up", "--yes", "-o", "json", "--regions", strings.Join(w.regions, ",")}, arguments...)...)
}

// plan says by its exit code whether there are changes.
func (w *world) plan(arguments ...string) result {
	w.t.Helper()
	all := []string{"plan", "--detailed-exitcode", "-o", "json", "--regions", strings.Join(w.regions, ",")}
	return w.run(append(all, arguments...)...)
}

// status does so too.
func (w *world) status(arguments ...string) result {
	w.t.Helper()
	return w.run(append([]string{"status", "--detailed-exitcode", "-o", "json"}, arguments...)...)
}

func (w *world) down(arguments ...string) result {
	w.t.Helper()
	return w.run(append([]string{"down", "--yes", "-o", "json"}, arguments...)...)
}

// list is everything in the account.
func (w *world) list() inventory.Inventory {
	w.t.Helper()
	all, err := inventory.List(w.t.Context(), w.config, w.regions...)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// made is everything that a new account does not have.
func (w *world) made() inventory.Inventory {
	w.t.Helper()
	return w.list().Without(w.before)
}

// isStill requires that the account is as it was then, to the byte.
func (w *world) isStill(then inventory.Inventory) {
	w.t.Helper()
	if diff := inventory.Diff(then, w.list()); diff != "" {
		w.t.Errorf("the account has changed:\n%s", diff)
	}
}

// isEmpty requires that the account is as it was at first.
func (w *world) isEmpty() {
	w.t.Helper()
	w.isStill(w.before)
}

// hasKept requires that all of that is as it was, to the byte, whatever else there is.
func (w *world) hasKept(then inventory.Inventory) {
	w.t.Helper()
	if diff := inventory.Diff(then, w.list().Within(then)); diff != "" {
		w.t.Errorf("changed:\n%s", diff)
	}
}
