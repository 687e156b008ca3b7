package reliability

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"provision/integration/golden"
	"provision/integration/program"
)

// The page lists how many cases each test has, in a short and in a long run. A whole run counts them: a short one checks
// the page, and with -update each writes its column.
const page = "../../docs/reliability.md"

// cases are counted by test.
var cases struct {
	sync.Mutex
	of map[string]int
}

// runCase runs one case of a test, as a test within it, and counts it.
func runCase(t *testing.T, name string, run func(*testing.T)) {
	t.Helper()
	countCase(t)
	t.Run(name, run)
}

func countCase(t *testing.T) {
	test, _, _ := strings.Cut(t.Name(), "/")
	cases.Lock()
	defer cases.Unlock()
	if cases.of == nil {
		cases.of = map[string]int{}
	}
	cases.of[test]++
}

// side is how many cases run side by side: those with processes wait more than they compute.
const side = "12"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", side); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400) // a world is small, and there are many
	code := program.Run(m)
	if code == 0 && wholeRun() {
		if err := checkPage(); err != nil {
			fmt.Println(err)
			code = 1
		}
	}
	os.Exit(code)
}

// wholeRun says whether no test and no case was left out.
func wholeRun() bool {
	for _, name := range []string{"test.run", "test.skip", "test.bench", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	return os.Getenv("PROVISION_SEED") == "" && (long() || !program.Raced)
}

// row is a line of the page's table: what happens, the test, and how many cases a short and a long run have.
var row = regexp.MustCompile("(?m)^\\| (.+) \\| `(Test\\w+)` \\| ([\\d,]+) \\| ([\\d,]+) \\|$")

// checkPage compares the page with this run. How many calls a long run can be killed at differs by a few each time.
func checkPage() error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	counted, err := countAll()
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	written := row.ReplaceAllStringFunc(string(text), func(line string) string {
		parts := row.FindStringSubmatch(line)
		what, test, short, longer := parts[1], parts[2], parts[3], parts[4]
		listed[test] = true
		if long() {
			longer = counted[test]
		} else {
			short = counted[test]
		}
		return fmt.Sprintf("| %s | `%s` | %s | %s |", what, test, short, longer)
	})
	for _, test := range slices.Sorted(maps.Keys(counted)) {
		if !listed[test] {
			return fmt.Errorf("%s has no line for %s", page, test)
		}
	}
	if long() && !golden.Update() {
		return nil
	}
	return golden.Check(page, written, "go test "+golden.Package()+" -update")
}

var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// countAll is how many cases each test of this package had. One without cases is one.
func countAll() (map[string]string, error) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		return nil, err
	}
	counted := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, test := range testFunction.FindAllStringSubmatch(string(text), -1) {
			counted[test[1]] = thousands(max(cases.of[test[1]], 1))
		}
	}
	return counted, nil
}

// thousands writes 1234 as 1,234.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
