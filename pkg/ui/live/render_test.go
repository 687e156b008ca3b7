package live

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"provision/integration/golden"
	"provision/pkg/graph"
)

var seventeen = []string{
	"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
	"eu-north-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
	"sa-east-1",
}

// Frames are what the view shows at a moment of the run, on a terminal of a size.
func TestFrames(t *testing.T) {
	three := []string{"us-east-1", "eu-west-1", "ap-southeast-2"}
	for _, c := range []struct {
		name          string
		run           Run
		play          func(script)
		at            time.Duration
		width, height int
	}{
		{"start", upRun(three...), func(script) {}, 0, 80, 24},
		{"waiting", upRun(three...), waiting, 45 * time.Second, 80, 24},
		{"waiting-wide", upRun(three...), waiting, 45 * time.Second, 200, 50},
		{"waiting-narrow", upRun(three...), waiting, 45 * time.Second, 50, 16},
		{"longer-than-usual", upRun(three...), waiting, 10 * time.Minute, 80, 24},
		{"failing", upRun(three...), failing, 190 * time.Second, 80, 24},
		{"held-back", upRun(three...), heldBack, 20 * time.Second, 80, 24},
		{"nearly-done", upRun(three...), nearlyDone, 216 * time.Second, 80, 24},
		{"seventeen", upRun(seventeen...), waiting, 45 * time.Second, 80, 24},
		{"seventeen-second-page", upRun(seventeen...), func(s script) {
			waiting(s)
			s.Render(80, 24, began) // a page is what was shown
			s.MovePages(1)
		}, 45 * time.Second, 80, 24},
		{"seventeen-brief", upRun(seventeen...), func(s script) { waiting(s); s.ToggleDetails() }, 45 * time.Second, 80, 24},
		{"help", upRun(three...), func(s script) { waiting(s); s.ToggleHelp() }, 45 * time.Second, 80, 24},
		{"stopping", upRun(three...), func(s script) {
			waiting(s)
			s.Notice("stopping: calls in flight are finished and recorded; press again to quit immediately")
		}, 45 * time.Second, 80, 24},
		{"down", downRun(), removing, 50 * time.Second, 80, 24},
		{"global", globalRun(), func(s script) {
			s.Event(graph.Event{Time: began, Region: "global", Key: "iam-role", Type: graph.EventReady})
			s.Event(graph.Event{Time: began, Region: "global", Type: graph.EventReady})
		}, time.Second, 80, 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := New(c.run, began)
			m.SetCalls(Calls{All: 231, Mutating: 127})
			c.play(script{m})
			frame := ansi.Strip(m.Render(c.width, c.height, began.Add(c.at)))
			golden.File(t, filepath.Join("testdata", fmt.Sprintf("%s-%dx%d.txt", c.name, c.width, c.height)), frame+"\n")
		})
	}
}

func waiting(s script) {
	for _, r := range s.regions {
		s.networkUp(r.name)
	}
}

func nearlyDone(s script) {
	s.ready("us-east-1", "http://provision-web-1877221246.us-east-1.elb.amazonaws.com")
	s.instancesUp("eu-west-1")
	s.ready("ap-southeast-2", "http://provision-web-1140329205.ap-southeast-2.elb.amazonaws.com")
	s.SetCalls(Calls{All: 512, Mutating: 139, Throttled: 3})
}

// failing has each way of going wrong: an error, what it blocks, a region that could not be planned, and retries.
func failing(s script) {
	s.networkUp("us-east-1")
	s.at(4*time.Second, "us-east-1", graph.EventFailed, "operation error EC2: AllocateAddress, https response error StatusCode: 400, "+
		"RequestID: 1, api error AddressLimitExceeded: The maximum number of addresses has been reached.", "elastic-ip/b")
	s.at(4*time.Second, "us-east-1", graph.EventBlocked, "not tried because elastic-ip/b failed", "nat-gateway/b")
	s.at(5*time.Second, "us-east-1", graph.EventBlocked, "not tried because nat-gateway/b failed", "auto-scaling-group", "targets", "url")
	s.at(100*time.Second, "us-east-1", graph.EventReady, "", "nat-gateway/a", "route-table/private-a")
	s.instancesUp("eu-west-1")
	s.at(150*time.Second, "eu-west-1", graph.Retrying, "api error RequestLimitExceeded: Request limit exceeded.", "auto-scaling-group")
	cause := errors.New("ap-southeast-2: read ap-southeast-2: list vpc: api error UnauthorizedOperation: You are not\nauthorized")
	s.Event(graph.Event{Time: began, Region: "ap-southeast-2", Type: graph.EventFailed, Detail: cause.Error(), Err: cause})
}

// heldBack is a rollout of one region at a time whose first fails.
func heldBack(s script) {
	s.at(4*time.Second, "us-east-1", graph.EventFailed, "api error VpcLimitExceeded: The maximum number of VPCs has been reached.", "vpc")
	s.Event(graph.Event{Time: began.Add(5 * time.Second), Region: "us-east-1", Type: graph.EventFailed})
	for _, region := range []string{"eu-west-1", "ap-southeast-2"} {
		s.Event(graph.Event{
			Time: began.Add(5 * time.Second), Region: region, Type: graph.EventBlocked, Detail: "not started because us-east-1 failed",
		})
	}
}

func downRun() Run {
	tasks := []graph.Outlook{
		{Key: "auto-scaling-group", Usual: 90 * time.Second},
		{Key: "load-balancer"},
		{Key: "nat-gateway/a", Usual: 45 * time.Second},
		{Key: "subnet/public-a", After: []graph.Key{"auto-scaling-group", "load-balancer", "nat-gateway/a"}},
		{Key: "subnet/private-a", After: []graph.Key{"auto-scaling-group"}},
		{Key: "vpc", After: []graph.Key{"subnet/public-a", "subnet/private-a"}},
	}
	return Run{Command: "down", Stack: "web", Parts: []Part{
		{Region: "us-east-1", Tasks: tasks}, {Region: "eu-west-1", Tasks: tasks},
	}}
}

func removing(s script) {
	s.at(time.Second, "us-east-1", graph.Deleting, "", "auto-scaling-group", "load-balancer", "nat-gateway/a")
	s.at(2*time.Second, "us-east-1", graph.Deleted, "", "load-balancer")
	s.at(40*time.Second, "us-east-1", graph.Waiting, "held by network interface eni-1 (amazon-elb)", "subnet/public-a")
	s.at(40*time.Second, "us-east-1", graph.Waiting, "held by network interface eni-2 (amazon-elb)", "subnet/private-a")
	for _, task := range s.byName["eu-west-1"].tasks {
		s.at(30*time.Second, "eu-west-1", graph.Deleted, "", task.Key)
	}
	s.Event(graph.Event{Time: began.Add(31 * time.Second), Region: "eu-west-1", Type: graph.Deleted})
}

func globalRun() Run {
	run := upRun("us-east-1")
	run.Parts = append(run.Parts, Part{Region: "global", Global: true, Tasks: []graph.Outlook{{Key: "iam-role"}}})
	return run
}

// The colours are part of what is shown, and the terminal's own sixteen, so that they fit light and dark backgrounds.
func TestColours(t *testing.T) {
	m := New(upRun("us-east-1", "eu-west-1", "ap-southeast-2"), began)
	failing(script{m})
	golden.File(t, filepath.Join("testdata", "failing-colours.txt"), m.Render(80, 24, began.Add(190*time.Second))+"\n")
}
