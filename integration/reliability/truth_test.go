package reliability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui"
	"provision/pkg/verdict"
)

// truth holds each word that a command prints about a region against a listing of the whole account, and the sandbox's
// own opinion of the targets' health, at the moment when it is printed.
type truth struct {
	t testing.TB

	mu     *sync.Mutex
	owners map[string]bool // of this stack; one that was removed and created again has several
}

func newTruth(t testing.TB) truth { return truth{t, &sync.Mutex{}, map[string]bool{}} }

// owns says that the stack belongs to this owner, too.
func (c truth) owns(owner string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owners[owner] = true
}

// looks are how many targets of each region were healthy, and how many instances its group wanted, at the moment when the
// program said that they are. The table at the end repeats it, when the other regions have ended, too.
type looks struct {
	truth
	world *world
	at    map[string][2]int
}

func (c truth) looks(w *world) looks { return looks{c, w, map[string][2]int{}} }

// note is for [stack.Stack.Events].
func (l looks) note(e graph.Event) {
	if e.Type != graph.EventReady || e.Key != "targets" {
		return
	}
	healthy, wanted := l.targets(l.world, l.world.account(l.t), e.Region)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at[e.Region] = [2]int{healthy, wanted}
}

// ofUp checks the table that `up` ends with.
func (c truth) ofUp(o stack.Outcome, seen looks) {
	said := rows(func(b *bytes.Buffer) { ui.Outcome(b, o) })
	for _, r := range o.Results {
		if r.Region != state.Global && (r.Err == nil) != strings.HasPrefix(said[r.Region], "✓ ready") {
			c.t.Errorf("up ended in %s with %v, and said %q", r.Region, r.Err, said[r.Region])
		}
		if r.Region != state.Global && r.Err == nil {
			c.ready(r.Region, said[r.Region], seen)
		}
	}
}

var readyText = regexp.MustCompile(`^✓ ready +(\d+) of (\d+) +http`)

// ready checks the claim that so many of so many targets are healthy.
func (c truth) ready(region, said string, seen looks) {
	numbers := readyText.FindStringSubmatch(said)
	look, asked := seen.at[region]
	want := []string{fmt.Sprint(look[0]), fmt.Sprint(look[1])}
	if !asked || numbers == nil || !cmp.Equal(numbers[1:], want) || look[0] < look[1] {
		c.t.Errorf("up said of %s %q, and %d of %d targets were healthy", region, said, look[0], look[1])
	}
}

// ofDown checks the table that `down` ends with.
func (c truth) ofDown(w *world, o stack.Outcome) {
	said, now := rows(func(b *bytes.Buffer) { ui.Removed(b, o) }), w.account(c.t)
	for _, r := range o.Results {
		left := c.left(now, r.Region)
		claimed := strings.HasPrefix(said[r.Region], "✓ nothing is left")
		if claimed != (r.Err == nil && !r.Kept) {
			c.t.Errorf("down ended in %s with %v, and said %q", r.Region, r.Err, said[r.Region])
		}
		if claimed && len(left) > 0 {
			c.t.Errorf("down said of %s %q, and these are left: %q", r.Region, said[r.Region], left)
		}
	}
}

// ofStatus checks each region's line.
func (c truth) ofStatus(w *world, s *stack.Status) {
	said, now := rows(func(b *bytes.Buffer) { ui.Overview(b, s) }), w.account(c.t)
	for _, part := range s.Parts() {
		v := part.Verdict()
		if !strings.HasPrefix(said[part.Region], v.Symbol()+" ") {
			c.t.Errorf("status judges %s to be %s, and said %q", part.Region, v, said[part.Region])
		}
		c.verdict(w, now, part.Region, v)
	}
}

// verdict checks those two words of a region that let a person walk away.
func (c truth) verdict(w *world, now account, region string, v verdict.Verdict) {
	left := c.left(now, region)
	switch v {
	case verdict.NotThere:
		if len(left) > 0 {
			c.t.Errorf("status said that %s is %s, and these are: %q", region, v, left)
		}
	case verdict.AsWanted:
		_, known := w.known(c.t)
		known = slices.DeleteFunc(known, func(id string) bool { return !strings.HasPrefix(id, region+" ") })
		if diff := cmp.Diff(left, known); diff != "" || len(left) == 0 {
			c.t.Errorf("status said that %s is %s, but (-world +state):\n%s", region, v, diff)
		}
		if healthy, wanted := c.targets(w, now, region); region != state.Global && healthy < wanted {
			c.t.Errorf("status said that %s is %s, and %d of %d targets are healthy", region, v, healthy, wanted)
		}
	case verdict.Unknown, verdict.Foreign, verdict.Unhealthy, verdict.Differing, verdict.Starting: // alarms
	}
}

// left are the stack's resources in a region, in the order of their IDs.
func (c truth) left(now account, region string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var left []string
	for owner := range c.owners {
		for _, id := range now.owned(owner) {
			if strings.HasPrefix(id, region+" ") {
				left = append(left, id)
			}
		}
	}
	slices.Sort(left)
	return left
}

// targets are how many of the stack's targets in a region are healthy, and how many instances its group wants.
func (c truth) targets(w *world, now account, region string) (healthy, wanted int) {
	left := c.left(now, region)
	for arn, n := range w.box.Healthy(sandbox.DefaultAccount, region) {
		if slices.Contains(left, region+" "+arn) {
			healthy += n
		}
	}
	for id, thing := range now[region]["auto-scaling-group"] {
		var group struct{ Desired int }
		if slices.Contains(left, region+" "+idInState("auto-scaling-group", id, thing)) && json.Unmarshal(thing, &group) == nil {
			wanted += group.Desired
		}
	}
	return healthy, wanted
}

// rows are what a table says of each region: the rest of its line.
func rows(show func(*bytes.Buffer)) map[string]string {
	var b bytes.Buffer
	show(&b)
	said := map[string]string{}
	for line := range strings.Lines(ansi.Strip(b.String())) {
		region, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if _, known := said[region]; !known {
			said[region] = strings.TrimSpace(rest)
		}
	}
	return said
}
