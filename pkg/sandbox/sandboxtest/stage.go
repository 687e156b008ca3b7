// Package sandboxtest lets packages of resources try them with the real engine and the real SDK clients on a sandbox.
package sandboxtest

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/graph/graphtest"
	"provision/pkg/sandbox"
)

// Region is where a stage is.
const Region = "eu-west-1"

// Owner is on whose behalf a stage's engine works.
var Owner = graph.Owner{Stack: "web", ID: "01JTESTOWNER00000000000000"}

// Stage is one region of a sandbox, and what works on it.
type Stage struct {
	testing.TB
	Sandbox *sandbox.Sandbox
	*cloud.Region
	IAM     *iam.Client
	Engine  *graph.Engine
	Journal *graphtest.Memory

	// Kinds adds the kinds that are made and removed here.
	Kinds func(*graph.Graph)
}

// New needs to be called in a bubble of testing/synctest, where AWS's durations pass at once.
func New(t testing.TB, o sandbox.Options) *Stage {
	t.Helper()
	s := &Stage{TB: t, Sandbox: sandbox.New(o), Journal: &graphtest.Memory{}}
	c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: s.Sandbox, Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "test", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.Region, s.IAM = c.Region(Region), c.IAM(Region)
	nonces := &atomic.Int32{}
	s.Engine = &graph.Engine{
		Owner: Owner, Journal: s.Journal, Classify: cloud.Classify,
		NewNonce: func() string { return fmt.Sprintf("01JTESTNONCE%014d", nonces.Add(1)) },
	}
	return s
}

// Meta is the shared part of a resource that carries the owner's tags.
func Meta(key graph.Key) graph.Meta {
	return graph.Meta{Is: key, Labels: graph.Tags{Want: map[string]string{
		graph.TagName: Owner.Stack + "-" + string(key), graph.TagStack: Owner.Stack, graph.TagOwner: Owner.ID,
		graph.TagKey: string(key),
	}}}
}

func (s *Stage) graph(build func(*graph.Graph)) *graph.Graph {
	g := graph.New(Region)
	s.Kinds(g)
	build(g)
	return g
}

// Plan compares with what build wants.
func (s *Stage) Plan(build func(*graph.Graph)) *graph.Plan {
	s.Helper()
	plan, err := s.Engine.Plan(s.Context(), s.graph(build))
	if err != nil {
		s.Fatal(err)
	}
	return plan
}

// Apply makes what build wants.
func (s *Stage) Apply(build func(*graph.Graph)) error {
	s.Helper()
	return s.Engine.Apply(s.Context(), s.Plan(build))
}

// Up makes what build wants, and checks that nothing differs afterwards.
func (s *Stage) Up(build func(*graph.Graph)) {
	s.Helper()
	if err := s.Apply(build); err != nil {
		s.Fatal(err)
	}
	if got := Differences(s.Plan(build)); len(got) > 0 {
		s.Errorf("after up there differs still:\n%s", strings.Join(got, "\n"))
	}
}

// Remove removes everything.
func (s *Stage) Remove() error {
	s.Helper()
	removal, err := s.Engine.PlanRemoval(s.Context(), s.graph(func(*graph.Graph) {}))
	if err != nil {
		s.Fatal(err)
	}
	return s.Engine.Remove(s.Context(), removal)
}

// Down removes everything, and checks that nothing is left, whatever the journal knows.
func (s *Stage) Down() {
	s.Helper()
	if err := s.Remove(); err != nil {
		s.Fatal(err)
	}
	if left := s.There(); len(left) > 0 {
		s.Errorf("left after down: %v", left)
	}
}

// There are the keys of what the owner has, whatever the journal knows: each as often as it is there.
func (s *Stage) There() []string {
	s.Helper()
	engine := *s.Engine
	engine.Journal = &graphtest.Memory{}
	removal, err := engine.PlanRemoval(s.Context(), s.graph(func(*graph.Graph) {}))
	if err != nil {
		s.Fatal(err)
	}
	var keys []string
	for _, step := range removal.Steps {
		keys = append(keys, string(step.Key))
	}
	slices.Sort(keys)
	return keys
}

// Wanted are the keys of what build wants.
func (s *Stage) Wanted(build func(*graph.Graph)) []string {
	var keys []string
	for _, key := range s.graph(build).Keys() {
		keys = append(keys, string(key))
	}
	slices.Sort(keys)
	return keys
}

// Differences are a plan's actions and changes, one a line.
func Differences(plan *graph.Plan) []string {
	var lines []string
	for _, step := range plan.Changed() {
		line := fmt.Sprintf("%s %s", step.Action, step.Key)
		for _, c := range step.Changes {
			line += "; " + c.Field
		}
		lines = append(lines, line)
	}
	return lines
}

// Calls are how often each call was made since ForgetCalls of the sandbox, of those that start with one of the words;
// all where there is none.
func (s *Stage) Calls(words ...string) map[string]int {
	return s.count(func(c sandbox.Call) bool { return begins(c, words) })
}

// Writes are the same of the calls that may change something.
func (s *Stage) Writes(words ...string) map[string]int {
	return s.count(func(c sandbox.Call) bool { return c.Mutating && begins(c, words) })
}

func (s *Stage) count(which func(sandbox.Call) bool) map[string]int {
	counts := map[string]int{}
	for _, c := range s.Sandbox.Calls() {
		if which(c) {
			counts[c.Action]++
		}
	}
	return counts
}

func begins(c sandbox.Call, words []string) bool {
	return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool {
		return strings.HasPrefix(c.Service+":"+c.Action, word)
	})
}

// Fault is one that ParseFault reads.
func Fault(t testing.TB, text string) sandbox.Fault {
	t.Helper()
	fault, err := sandbox.ParseFault(text)
	if err != nil {
		t.Fatal(err)
	}
	return fault
}
