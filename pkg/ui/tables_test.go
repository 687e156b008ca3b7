package ui

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/compute"
	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/paint"
)

func steps(action graph.Action, phase graph.Phase, keys ...graph.Key) []graph.Step {
	var all []graph.Step
	for _, key := range keys {
		s := graph.Step{Key: key, Action: action, Phase: phase}
		if action != graph.Create {
			s.ID = "id-" + string(key)
		}
		all = append(all, s)
	}
	return all
}

// fresh is a region of which nothing is there.
func fresh() []graph.Step {
	return steps(graph.Create, graph.Gone, "vpc", "subnet/public-a", "subnet/private-a", "subnet/public-b", "subnet/private-b",
		"security-group/alb", "elastic-ip/a", "nat-gateway/a", "elastic-ip/b", "nat-gateway/b", "load-balancer")
}

// drifted is a region with each difference.
func drifted() []graph.Step {
	all := steps(graph.Keep, graph.Ready, "vpc")
	retagged := steps(graph.Update, graph.Ready, "subnet/public-a", "subnet/private-a", "load-balancer")
	for i := range retagged {
		retagged[i].Changes = []graph.Change{{Field: "tag team", To: "platform"}}
	}
	resized := steps(graph.Update, graph.Ready, "auto-scaling-group")
	resized[0].Changes = []graph.Change{{Field: "desiredCapacity", From: "2", To: "3"}}
	failed := steps(graph.Replace, graph.Failed, "nat-gateway/a")
	failed[0].Why = "InsufficientFreeAddressesInSubnet"
	fixed := steps(graph.Update, graph.Ready, "subnet/public-b")
	fixed[0].Changes = []graph.Change{{Field: "cidrBlock", From: "10.0.0.0/20", To: "10.1.0.0/20", Fixed: "AWS can't"}}
	return append(append(append(append(append(all, retagged...), resized...), failed...), fixed...),
		append(steps(graph.Create, graph.Gone, "security-group/app"), steps(graph.Delete, graph.Ready, "elastic-ip/z", "elastic-ip/y")...)...)
}

// shown is what people see without colours.
func shown(show func(*bytes.Buffer)) string {
	var out bytes.Buffer
	show(&out)
	return ansi.Strip(out.String())
}

func same(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, "\n"+got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlanOfRegionsThatAreAlike(t *testing.T) {
	p := planOf(part("us-east-1", fresh()...), part("eu-west-1", fresh()...))
	same(t, `
us-east-1, eu-west-1  in each:
   + vpc
   + subnet             public-{a,b}, private-{a,b}
   + security-group     alb
   + elastic-ip         a, b
   + nat-gateway        a, b
   + load-balancer

Plan: 22 to create, in 2 regions.
`, shown(func(w *bytes.Buffer) { Plan(w, p) }))
}

func TestPlanOfEachDifference(t *testing.T) {
	p := planOf(part("eu-west-1", drifted()...), &stack.Part{Region: "us-east-1", Err: errors.New("us-east-1: no credentials")})
	p.Regions[0].Plan.Foreign = []graph.Identity{{ID: "vpc-9", Tags: map[string]string{graph.TagOwner: "01X"}}}
	same(t, `
eu-west-1
   ~ subnet/public-a, subnet/private-a, load-balancer
       tag team: none → platform
   ~ auto-scaling-group
       desiredCapacity: 2 → 3
 -/+ nat-gateway        a  InsufficientFreeAddressesInSubnet
   ~ subnet             public-b
       cidrBlock: 10.0.0.0/20 → 10.1.0.0/20
       ✗ can't be done: AWS can't
   + security-group     app
   - elastic-ip         y, z
 !   1 resource with this stack's name belongs to 01X and is left alone: vpc-9

us-east-1
 ✗   no credentials

1 region can't be planned; 1 to create, 5 to update, 1 to replace, 2 to delete in the others.
`, shown(func(w *bytes.Buffer) { Plan(w, p) }))
}

// Verb and noun agree with the number.
func TestOthersAreCountedInEnglish(t *testing.T) {
	for n, want := range map[int]string{
		1: "1 resource with this stack's name belongs to 01X and is left alone",
		2: "2 resources with this stack's name belong to 01X and are left alone",
	} {
		if got := leftAlone(n, "01X"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestPlanWithNothingToDo(t *testing.T) {
	p := planOf(part("eu-west-1", steps(graph.Keep, graph.Ready, "vpc")...))
	same(t, `
eu-west-1  as wanted

Plan: nothing to do in 1 region.
`, shown(func(w *bytes.Buffer) { Plan(w, p) }))
}

func TestRemoval(t *testing.T) {
	r := &stack.Removal{Regions: []*stack.RemovalPart{
		{Region: "eu-west-1", Removal: &graph.Removal{Steps: steps(graph.Delete, graph.Ready, "vpc", "subnet/private-b", "subnet/private-a")}},
		{Region: "us-east-1", Removal: &graph.Removal{}},
	}}
	same(t, `
eu-west-1
   - vpc
   - subnet             private-{a,b}

us-east-1  nothing is there

3 resources to delete.
`, shown(func(w *bytes.Buffer) { Removal(w, r) }))
	same(t, `
eu-west-1
   - vpc                      id-vpc
   - subnet/private-a         id-subnet/private-a
   - subnet/private-b         id-subnet/private-b

us-east-1  nothing is there

3 resources to delete.
`, shown(func(w *bytes.Buffer) { RemovalWide(w, r) }))
}

// asked is the health of what has no targets.
var asked = stack.Health{Asked: true}

// standing is a region that is as wanted, with one instance that is not well.
func standing() *stack.StatusPart {
	part := &stack.StatusPart{
		Region: "eu-west-1", URL: "http://web.eu-west-1.elb.amazonaws.com",
		Plan: &graph.Plan{Steps: steps(graph.Keep, graph.Ready, "vpc", "subnet/public-a", "elastic-ip/a", "subnet/private-a")},
		Health: stack.Health{
			Asked: true, Wanted: 2, Targets: []lb.Target{{ID: "i-1", State: "healthy"}},
			Members: []compute.Member{
				{ID: "i-1", Zone: "eu-west-1a", Type: "t3.micro", Lifecycle: "InService", Version: "3"},
				{ID: "i-2", Zone: "eu-west-1b", Lifecycle: "InService"},
			},
		},
	}
	balancer := graph.Step{
		Key: "load-balancer", Action: graph.Keep, Phase: graph.Ready,
		ID: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/provision-web/1",
	}
	part.Plan.Steps = append(part.Plan.Steps, balancer)
	return part
}

func TestStatus(t *testing.T) {
	s := &stack.Status{Regions: []*stack.StatusPart{
		standing(),
		{Region: "us-east-1", Plan: &graph.Plan{Steps: drifted()}, NewerAMI: "ami-2", Health: asked},
		{Region: "us-west-2", Plan: &graph.Plan{Steps: fresh()}, Health: asked},
		{Region: "sa-east-1", Err: errors.New("sa-east-1: no credentials")},
	}}
	same(t, `
eu-west-1
  vpc                       ready  id-vpc
  subnet         public-a   ready  id-subnet/public-a
                 private-a  ready  id-subnet/private-a
  elastic-ip     a          ready  id-elastic-ip/a
  load-balancer             ready  app/provision-web/1

  instances  i-1  eu-west-1a  InService  healthy
             i-2  eu-west-1b  InService  not registered

us-east-1
  vpc                            ready               id-vpc
  subnet              public-a   ready, differs      id-subnet/public-a
                      private-a  ready, differs      id-subnet/private-a
                      public-b   ready, differs      id-subnet/public-b
  load-balancer                  ready, differs      id-load-balancer
  auto-scaling-group             ready, differs      id-auto-scaling-group
  nat-gateway         a          failed              id-nat-gateway/a       InsufficientFreeAddressesInSubnet
  security-group      app        missing
  elastic-ip          z          ready, not desired  id-elastic-ip/z
                      y          ready, not desired  id-elastic-ip/y

  differs from the settings; `+"`provision up`"+` would do this:
   ~ subnet/public-a, subnet/private-a, load-balancer
       tag team: none → platform
   ~ auto-scaling-group
       desiredCapacity: 2 → 3
 -/+ nat-gateway        a  InsufficientFreeAddressesInSubnet
   ~ subnet             public-b
       cidrBlock: 10.0.0.0/20 → 10.1.0.0/20
       ✗ can't be done: AWS can't
   + security-group     app
   - elastic-ip         y, z

us-west-2

sa-east-1
 ✗   no credentials

REGION     STATE            RESOURCES  HEALTHY  URL
eu-west-1  ✗ unhealthy      5          1 of 2   http://web.eu-west-1.elb.amazonaws.com
us-east-1  ~ 9 differences  7 of 8
us-west-2  – not there      0 of 11
sa-east-1  ? unknown
us-east-1: there is a newer image, ami-2; `+"`provision up --refresh-ami`"+` uses it
`, shown(func(w *bytes.Buffer) { Status(w, s) }))
}

func TestStatusWideTellsMore(t *testing.T) {
	s := &stack.Status{Regions: []*stack.StatusPart{standing()}}
	same(t, `
eu-west-1
  vpc                       ready  id-vpc
  subnet         public-a   ready  id-subnet/public-a
                 private-a  ready  id-subnet/private-a
  elastic-ip     a          ready  id-elastic-ip/a
  load-balancer             ready  arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/provision-web/1

  instances  i-1  eu-west-1a  InService  t3.micro  version 3  healthy
             i-2  eu-west-1b  InService            version    not registered

REGION     STATE        RESOURCES  HEALTHY  URL
eu-west-1  ✗ unhealthy  5          1 of 2   http://web.eu-west-1.elb.amazonaws.com
`, shown(func(w *bytes.Buffer) { StatusWide(w, s) }))
}

func TestWatchShowsWhatIsNotAsWanted(t *testing.T) {
	well := standing()
	well.Region, well.Members, well.Wanted = "us-east-1", well.Members[:1], 1
	waiting := &stack.StatusPart{Region: "us-west-2", Health: asked, Plan: &graph.Plan{Steps: append(steps(graph.Keep, graph.Ready, "vpc"),
		graph.Step{Key: "nat-gateway/a", Action: graph.Wait, Phase: graph.Pending, ID: "nat-1", Why: "pending"})}}
	s := &stack.Status{Regions: []*stack.StatusPart{standing(), well, waiting}}
	same(t, `
REGION     STATE        RESOURCES  HEALTHY  URL
eu-west-1  ✗ unhealthy  5          1 of 2   http://web.eu-west-1.elb.amazonaws.com
us-east-1  ✓ as wanted  5          1 of 1   http://web.eu-west-1.elb.amazonaws.com
us-west-2  … starting   2

eu-west-1

  instances  i-1  eu-west-1a  InService  healthy
             i-2  eu-west-1b  InService  not registered

us-west-2
  nat-gateway/a  pending  nat-1  pending
`, shown(func(w *bytes.Buffer) { Watch(w, s) }))
}

func TestOutcome(t *testing.T) {
	o := stack.Outcome{Results: []stack.Result{
		{Region: state.Global},
		{Region: "eu-west-1", Healthy: 2, Wanted: 2, URL: "http://x", Spare: []graph.Identity{{ID: "vpc-2", Tags: map[string]string{graph.TagKey: "vpc"}}}},
		{Region: "us-east-1", Err: errors.New("x")},
		{Region: "us-west-2", Err: fmt.Errorf("wait: %w", graph.ErrStopped)},
	}}
	same(t, `
REGION     RESULT     HEALTHY  URL
eu-west-1  ✓ ready    2 of 2   http://x
us-east-1  ✗ failed
us-west-2  – stopped
! eu-west-1: vpc vpc-2 carries this stack's tags but is not in its state; `+"`provision sweep`"+` removes it
`, shown(func(w *bytes.Buffer) { Outcome(w, o) }))
}

func TestRemoved(t *testing.T) {
	left := &stack.LeftError{Region: "us-east-1", Things: steps(graph.Delete, graph.Ready, "vpc")}
	o := stack.Outcome{Results: []stack.Result{
		{Region: "eu-west-1"}, {Region: "us-east-1", Err: left}, {Region: "us-west-2", Err: errors.New("x")},
	}}
	same(t, `
REGION     RESULT
eu-west-1  ✓ nothing is left
us-east-1  ✗ something is left
us-west-2  ✗ failed
`, shown(func(w *bytes.Buffer) { Removed(w, o) }))
}

// Each action is told apart by its symbol, and by the terminal's own colours.
func TestPlanColours(t *testing.T) {
	var out bytes.Buffer
	Plan(&out, planOf(part("eu-west-1", drifted()...)))
	for _, want := range []string{"\x1b[32m  +\x1b[m", "\x1b[33m  ~\x1b[m", "\x1b[33m-/+\x1b[m", "\x1b[31m  -\x1b[m"} {
		if !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("the plan lacks %q:\n%q", want, out.String())
		}
	}
}

func TestURLsStayWholeOnANarrowTerminal(t *testing.T) {
	o := stack.Outcome{Results: []stack.Result{
		{Region: "eu-west-1", Healthy: 2, Wanted: 2, URL: "http://provision-web-1.eu-west-1.elb.amazonaws.com"},
		{Region: "us-east-1", Err: errors.New("x")},
	}}
	same(t, `
REGION     RESULT    HEALTHY
eu-west-1  ✓ ready   2 of 2
us-east-1  ✗ failed

eu-west-1  http://provision-web-1.eu-west-1.elb.amazonaws.com
`, shown(func(w *bytes.Buffer) { Outcome(paint.Sized{Writer: w, Columns: 70}, o) }))
}

// A column without a name leaves no blanks at the end of the head.
func TestHeadsEndWithTheirLastName(t *testing.T) {
	var out strings.Builder
	VersionTable(&out, []state.Version{{ID: "backup"}})
	if head, _, _ := strings.Cut(ansi.Strip(out.String()), "\n"); head != strings.TrimRight(head, " ") {
		t.Errorf("%q", head)
	}
}
