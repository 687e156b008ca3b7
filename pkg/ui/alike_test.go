package ui

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"provision/pkg/effect"
	"provision/pkg/graph"
	"provision/pkg/stack"
)

func TestIDsAreElided(t *testing.T) {
	for in, want := range map[string]string{
		"group subnets: subnet-0a1b2c3d4e5f60718,subnet-1 → none":                     "group subnets: subnet-…,subnet-1 → none",
		"lt-0123456789abcdef0 version 1 → next":                                       "lt-… version 1 → next",
		"forward arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/1 → redirect": "forward arn… → redirect",
		"<code>sg&#45;0123456789abcdef0</code>":                                       "<code>sg&#45;…</code>",
		"<code>arn&#58;aws&#58;iam&#58;&#58;1&#58;role&#47;x</code> is removed":       "<code>arn…</code> is removed",
		"tag team: i-am-not-an-id":                                                    "tag team: i-am-not-an-id",
	} {
		if got := alike([]string{in})[0]; got != want {
			t.Errorf("%q became %q instead of %q", in, got, want)
		}
	}
}

// many is a plan with the same change in many regions, where only the IDs differ.
func many(n int) *stack.Plan {
	var parts []*stack.Part
	for i := range n {
		p := part(fmt.Sprintf("region-%02d", i),
			graph.Step{Key: "vpc", Action: graph.Update, ID: fmt.Sprintf("vpc-%017x", i), Phase: graph.Ready, Changes: []graph.Change{
				{Field: "tag team", From: "a", To: "b"},
			}},
			graph.Step{Key: "auto-scaling-group", Action: graph.Update, ID: "provision-web", Phase: graph.Ready, Changes: []graph.Change{
				{Field: "group launchTemplate", From: fmt.Sprintf("lt-%017x version 1", i), To: "launch-template next version"},
			}},
		)
		p.Effects = []effect.Effect{{Kind: effect.Replaced, Text: "2 of 2 instances replaced, rolling, about 8 min", Instances: 2, Of: 2}}
		p.Launch = &stack.LaunchDifference{Script: "@@ -1,2 +1,2 @@\n #!/bin/sh\n-old\n+new\x1b[31m\n"}
		parts = append(parts, p)
	}
	return planOf(parts...)
}

// One change in 36 regions is as long as in one, in the terminal and in a pull request.
func TestTheSameChangeIsToldOnce(t *testing.T) {
	var one, all bytes.Buffer
	Plan(&one, many(1))
	Plan(&all, many(36))
	if got, want := strings.Count(all.String(), "\n"), strings.Count(one.String(), "\n"); got != want {
		t.Errorf("%d lines for 36 regions and %d for one:\n%s", got, want, all.String())
	}
	for _, want := range []string{
		"region-00, region-01", "2 of 2 instances replaced, rolling", "lt-… version 1", `+new\u001b[31m`, "-old",
		"72 to update, 72 instances replaced or ended, in 36 regions.",
	} {
		if !strings.Contains(ansi.Strip(all.String()), want) {
			t.Errorf("no %q in:\n%s", want, ansi.Strip(all.String()))
		}
	}

	all.Reset()
	if err := PlanMarkdown(&all, many(36), false); err != nil {
		t.Fatal(err)
	}
	text := all.String()
	if strings.Contains(text, "Too long") || strings.Count(text, "<details>") != 1 || strings.Count(text, "<li>") != 1 {
		t.Errorf("the regions are not told together:\n%s", text)
	}
	if !strings.HasPrefix(text, "### Plan: 72 to update, 72 instances replaced or ended in 36 regions\n\n⚠️ To review:") {
		t.Errorf("it does not begin with the effects:\n%s", text)
	}
	if !strings.Contains(text, "lt&#45;… version 1") || strings.Contains(text, "lt&#45;0000") {
		t.Errorf("a region's own ID stands for all:\n%s", text)
	}
}

// Regions that could not be planned come before the others, and never count as "nothing to do".
func TestUnreadRegionsComeFirst(t *testing.T) {
	unread := &stack.Part{Region: "eu-west-1", Err: errors.New("no credentials")}
	for name, c := range map[string]struct {
		plan *stack.Plan
		want string
	}{
		"one of two": {planOf(part("us-east-1"), unread), "1 region can't be planned; nothing to do in the others"},
		"all":        {planOf(unread, unread), "2 regions can't be planned"},
	} {
		t.Run(name, func(t *testing.T) {
			var text, markdown bytes.Buffer
			Plan(&text, c.plan)
			if err := PlanMarkdown(&markdown, c.plan, false); err != nil {
				t.Fatal(err)
			}
			plain := ansi.Strip(text.String())
			if !strings.Contains(plain, c.want) || !strings.HasPrefix(markdown.String(), "### Plan: "+c.want) {
				t.Errorf("want %q in:\n%s\n%s", c.want, text.String(), markdown.String())
			}
			if strings.Contains(plain, "Plan: nothing to do") || c.plan.Regions[0].Err != nil && strings.Contains(plain, "nothing to do") {
				t.Errorf("it says that there is nothing to do:\n%s", plain)
			}
		})
	}
}
