package live

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"provision/pkg/graph"
)

func TestLeftFollowsTheLongestWay(t *testing.T) {
	m := New(upRun("us-east-1"), began)
	// NAT gateways, instances, targets; the load balancer is created in parallel.
	if got, want := m.left(began), 200*time.Second; got != want {
		t.Errorf("at the start %v are left instead of %v", got, want)
	}
	s := script{m}
	s.networkUp("us-east-1")
	if got, want := m.left(began.Add(32*time.Second)), 170*time.Second; got != want {
		t.Errorf("after 32 s %v are left instead of %v", got, want)
	}
	s.ready("us-east-1", "http://x")
	if got := m.left(began.Add(215 * time.Second)); got != 0 {
		t.Errorf("at the end %v are left", got)
	}
}

func TestLeftIsNeverOverBeforeItsTime(t *testing.T) {
	m := New(upRun("us-east-1"), began)
	script{m}.networkUp("us-east-1")
	if got := m.left(began.Add(time.Hour)); got < 110*time.Second {
		t.Errorf("a NAT gateway that takes an hour leaves %v: what waits for it takes longer", got)
	}
}

func TestStagesTakeEveryKey(t *testing.T) {
	for _, command := range []string{"up", "down"} {
		run := upRun("us-east-1")
		run.Command = command
		m := New(run, began)
		for _, key := range []graph.Key{"vpc", "nat-gateway/a", "listener/http", "instance/i-1", "a-kind-of-tomorrow"} {
			n := 0
			for _, s := range m.run.stages() {
				if s.holds(key) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s: %d stages hold %s", command, n, key)
			}
		}
	}
}

func TestEventsOfOthersAreLeftOut(t *testing.T) {
	m := New(upRun("us-east-1"), began)
	before := m.Render(80, 24, began)
	m.Event(graph.Event{Time: began, Region: "eu-west-1", Key: "vpc", Type: graph.EventFailed})
	if after := m.Render(80, 24, began); after != before {
		t.Errorf("an event of another region changed the view to:\n%s", after)
	}
}

func TestWhatOthersWroteMovesNoCursor(t *testing.T) {
	m := New(upRun("us-east-1"), began)
	script{m}.at(0, "us-east-1", graph.EventFailed, "api error Evil: \x1b[2J\x1b[H gone\r\nnext", "vpc")
	if frame := m.Render(80, 24, began); strings.Contains(frame, "\x1b[2J") || strings.Contains(frame, "\r") {
		t.Errorf("the view has the error's control codes: %q", frame)
	}
}

// At every event, and in every size, the view fits, and nothing is left when everything is done.
func TestViewFitsAnyTerminal(t *testing.T) {
	types := []graph.EventType{
		graph.Creating, graph.Created, graph.Found, graph.Updating, graph.Waiting, graph.EventReady, graph.Deleting, graph.Deleted,
		graph.Retrying, graph.EventFailed, graph.EventBlocked,
	}
	rapid.Check(t, func(t *rapid.T) {
		regions := seventeen[:rapid.IntRange(1, len(seventeen)).Draw(t, "regions")]
		m := New(upRun(regions...), began)
		now := began
		for range rapid.IntRange(0, 25).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "seconds")) * time.Second)
			key := graph.Key("")
			if rapid.IntRange(0, 9).Draw(t, "whole region") > 0 {
				key = rapid.SampledFrom(regionTasks()).Draw(t, "task").Key
			}
			m.Event(graph.Event{
				Time: now, Region: rapid.SampledFrom(regions).Draw(t, "region"), Key: key,
				Type: rapid.SampledFrom(types).Draw(t, "type"), Detail: rapid.StringN(0, 60, 240).Draw(t, "detail"),
			})
			switch rapid.IntRange(0, 9).Draw(t, "key press") {
			case 0:
				m.MovePages(rapid.IntRange(-2, 2).Draw(t, "pages"))
			case 1:
				m.ToggleDetails()
			case 2:
				m.Notice(rapid.String().Draw(t, "notice"))
			}
			width, height := rapid.IntRange(20, 250).Draw(t, "width"), rapid.IntRange(1, 70).Draw(t, "height")
			lines := strings.Split(m.Render(width, height, now), "\n")
			if len(lines) > height {
				t.Fatalf("%d lines on %d", len(lines), height)
			}
			for _, line := range lines {
				if ansi.StringWidth(line) > width {
					t.Fatalf("%d columns on %d: %q", ansi.StringWidth(line), width, line)
				}
			}
			if m.left(now) < 0 {
				t.Fatalf("%v are left", m.left(now))
			}
		}
	})
}
