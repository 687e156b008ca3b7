package ui

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/ui/live"
)

var morning = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// run is what a run could tell: each type of event, with and without everything that may be absent.
func run(event func(graph.Event)) {
	for i, what := range []graph.EventType{
		graph.Creating, graph.Created, graph.Found, graph.Updating, graph.Waiting, graph.EventReady, graph.Deleting, graph.Deleted,
		graph.Retrying, graph.EventFailed, graph.EventBlocked,
	} {
		event(graph.Event{Time: morning.Add(time.Duration(i) * time.Second), Region: "eu-west-1", Key: "nat-gateway/a", Type: what})
	}
	event(graph.Event{
		Time: morning.Add(90 * time.Second), Region: "eu-west-1", Key: "nat-gateway/a", Type: graph.Waiting, ID: "nat-1",
		Detail: "pending", Pace: graph.Pace{Usual: time.Minute, Typical: 90 * time.Second},
	})
	event(graph.Event{
		Time: morning.Add(100 * time.Second), Region: "eu-west-1", Key: "elastic-ip/b", Type: graph.EventFailed,
		Detail: "operation error EC2: AllocateAddress, api error AddressLimitExceeded: \x1b[31mToo\nmany", Err: errors.New("x"),
	})
	event(graph.Event{Time: morning.Add(200 * time.Second), Region: "eu-west-1", Type: graph.EventReady, Detail: "http://x"})
}

func TestStreamFitsItsSchema(t *testing.T) {
	var out bytes.Buffer
	s := &Stream{Out: &out}
	s.Start(morning, live.Run{Command: "up", Stack: "web", Parts: []live.Part{
		{Region: "eu-west-1", Tasks: []graph.Outlook{{Key: "vpc"}, {Key: "subnet/a", Idle: true}}},
		{Region: "us-east-1", Err: errors.New("no credentials")},
	}})
	run(s.Event)
	s.Throttled(morning, "eu-west-1", "EC2", "DescribeVpcs")
	s.End(morning, "up", stack.Outcome{Results: []stack.Result{
		{Region: "global"},
		{Region: "eu-west-1", URL: "http://x", Healthy: 2},
		{Region: "us-east-1", Err: errors.New("no credentials")},
		{Region: "us-west-2", Err: fmt.Errorf("wait: %w", graph.ErrStopped)},
	}}, live.Calls{All: 9, Mutating: 3, Throttled: 1})
	s.End(morning, "down", stack.Outcome{Results: []stack.Result{{Region: "eu-west-1"}}}, live.Calls{})

	schema := strictSchema(t, "events.schema.json")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 18 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%v\n%s", err, line)
		}
	}
	if want := `"regions":[{"region":"eu-west-1","steps":1},{"region":"us-east-1","steps":0,"error":"no credentials"}]}`; !strings.HasSuffix(lines[0], want) {
		t.Errorf("the start is %s", lines[0])
	}
	for _, want := range []string{`"result":"ready"`, `"result":"failed"`, `"result":"stopped"`} {
		if !strings.Contains(lines[16], want) {
			t.Errorf("the end lacks %s: %s", want, lines[16])
		}
	}
}

func TestEventSchemaRefusesWhatIsNoEvent(t *testing.T) {
	schema := strictSchema(t, "events.schema.json")
	for _, text := range []string{
		`{}`,
		`{"version": 1, "type": "event", "time": "2026-11-24T09:00:00Z", "region": "x", "event": "exploding"}`,
		`{"version": 1, "type": "event", "time": "09:00", "region": "x", "event": "ready"}`,
		`{"version": 1, "type": "event", "time": "2026-11-24T09:00:00Z", "region": "x", "event": "ready", "more": 1}`,
		`{"version": 2, "type": "throttled", "time": "2026-11-24T09:00:00Z", "region": "x", "service": "EC2", "operation": "x"}`,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(document) == nil {
			t.Errorf("it takes %s", text)
		}
	}
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	run((&Lines{Out: &out, Start: morning}).Event)
	want := `09:00:00Z  +0:00  eu-west-1      creating nat-gateway/a
09:00:01Z  +0:01  eu-west-1      created  nat-gateway/a
09:00:02Z  +0:02  eu-west-1      found    nat-gateway/a
09:00:03Z  +0:03  eu-west-1      updating nat-gateway/a
09:00:04Z  +0:04  eu-west-1      waiting  nat-gateway/a
09:00:05Z  +0:05  eu-west-1      ready    nat-gateway/a
09:00:06Z  +0:06  eu-west-1      deleting nat-gateway/a
09:00:07Z  +0:07  eu-west-1      deleted  nat-gateway/a
09:00:08Z  +0:08  eu-west-1      retrying nat-gateway/a
09:00:09Z  +0:09  eu-west-1      failed   nat-gateway/a
09:00:10Z  +0:10  eu-west-1      blocked  nat-gateway/a
09:01:30Z  +1:30  eu-west-1      waiting  nat-gateway/a nat-1: pending
09:01:40Z  +1:40  eu-west-1      failed   elastic-ip/b: AddressLimitExceeded: Too many
09:03:20Z  +3:20  eu-west-1      ready    http://x
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLinesOfARegionThatEndsBadly(t *testing.T) {
	stopped := &graph.NodeError{Region: "eu-west-1", Key: "vpc", Tried: "create", Err: graph.ErrStopped}
	failed := &graph.NodeError{Region: "eu-west-1", Key: "vpc", Tried: "create", Err: errors.New("VpcLimitExceeded")}
	var out bytes.Buffer
	lines := &Lines{Out: &out, Start: morning}
	for _, e := range []graph.Event{
		{Key: "vpc", Detail: stopped.Error(), Err: stopped},
		{Detail: stopped.Error(), Err: stopped},
		{Detail: failed.Error(), Err: failed},
		{Detail: "both", Err: errors.Join(failed, failed)},
	} {
		e.Time, e.Region, e.Type = morning, "eu-west-1", graph.EventFailed
		lines.Event(e)
	}
	want := `09:00:00Z  +0:00  eu-west-1      stopped  vpc
09:00:00Z  +0:00  eu-west-1      stopped
09:00:00Z  +0:00  eu-west-1      failed   create vpc: VpcLimitExceeded
09:00:00Z  +0:00  eu-west-1      failed   create vpc: VpcLimitExceeded; and 1 more
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQuietLinesTellWhatIsWaitedForAndWhatGoesWrong(t *testing.T) {
	var out bytes.Buffer
	run((&Lines{Out: &out, Start: morning, Quiet: true}).Event)
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Fields(line)[3])
	}
	if diff := cmp.Diff([]string{"waiting", "retrying", "failed", "blocked", "waiting", "failed"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
