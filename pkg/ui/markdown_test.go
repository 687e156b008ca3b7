package ui

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"provision/pkg/graph"
	"provision/pkg/network"
	"provision/pkg/stack"
	"provision/pkg/state"
)

const hostile = "</code></td></table>\n\n<img src=x onerror=alert(1)> [a](javascript:b) @team `c`"

func planOf(parts ...*stack.Part) *stack.Plan {
	global := &stack.Part{Region: state.Global, Plan: &graph.Plan{Region: state.Global}}
	return &stack.Plan{Global: global, Regions: parts}
}

func part(region string, steps ...graph.Step) *stack.Part {
	return &stack.Part{Region: region, Plan: &graph.Plan{Region: region, Steps: steps}}
}

func markdown(t *testing.T, p *stack.Plan, calls bool) string {
	t.Helper()
	var out strings.Builder
	if err := PlanMarkdown(&out, p, calls); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPlanMarkdownBeginsWithWhatMatters(t *testing.T) {
	tag := graph.Step{Key: "vpc", Action: graph.Update, ID: "vpc-1", Changes: []graph.Change{
		{Field: "tag team", From: "a", To: "b"},
	}}
	text := markdown(t, planOf(
		part("eu-west-1", graph.Step{Key: "subnet/public-a", Action: graph.Create}, tag),
		part("us-east-1", graph.Step{Key: "nat-gateway/b", Action: graph.Delete, ID: "nat-1"}),
		&stack.Part{Region: "us-west-2", Err: errors.New("no credentials")},
		part("sa-east-1", graph.Step{Key: "vpc", Action: graph.Keep}),
	), true)
	last := -1
	for _, want := range []string{
		"### Plan: 1 region can't be planned; 1 to create, 1 to update, 1 to delete in the others\n",
		"<code>nat&#45;gateway&#47;b nat&#45;1</code> is removed",
		"can't be planned: <code>no credentials</code>",
		"<details><summary><b>eu&#45;west&#45;1</b> 1 to create, 1 to update</summary>",
		"<code>a</code> → <code>b</code>",
		"<td><code>ec2&#58;CreateTags</code></td><td>1</td>",
		"<details><summary><b>us&#45;east&#45;1</b> 1 to delete</summary>",
	} {
		at := strings.Index(text, want)
		if at <= last {
			t.Errorf("%q is at %d, want it after %d in:\n%s", want, at, last, text)
		}
		last = at
	}
	if strings.Contains(text, "sa&#45;east") {
		t.Errorf("a region that is as wanted is shown:\n%s", text)
	}
}

func TestPlanMarkdownOfNothing(t *testing.T) {
	want := "### Plan: nothing to do in 1 region\n\n"
	if got := markdown(t, planOf(part("eu-west-1", graph.Step{Key: "vpc", Action: graph.Keep})), true); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// For a hostile text of any origin, the document has only our own tags, and no blank line inside of a fold.
func TestPlanMarkdownEscapesEverything(t *testing.T) {
	bad := part(hostile,
		graph.Step{
			Key: hostile, ID: hostile, Observed: network.VPCState{}, Action: graph.Update, Why: hostile,
			Changes: []graph.Change{{Field: "tag " + hostile, From: hostile, To: hostile, Fixed: hostile}},
		},
		graph.Step{Key: hostile, ID: hostile, Observed: network.VPCState{}, Action: graph.Replace, Why: hostile},
		graph.Step{Key: hostile, ID: hostile, Observed: network.VPCState{}, Action: graph.Delete},
	)
	stranger := graph.Identity{ID: hostile, Tags: map[string]string{graph.TagOwner: hostile, graph.TagKey: hostile}}
	bad.Plan.Spare, bad.Plan.Foreign = []graph.Identity{stranger}, []graph.Identity{stranger}
	text := markdown(t, planOf(bad, &stack.Part{Region: hostile, Err: errors.New(hostile)}), true)

	ours := regexp.MustCompile(`</?(details|summary|table|tr|td|th|b|ul|li|code|br)>`)
	if rest := ours.ReplaceAllString(text, ""); strings.ContainsAny(rest, "<>`@[]") {
		t.Errorf("markup got through:\n%s", rest)
	}
	for _, fold := range regexp.MustCompile(`(?s)<details>.*?</details>`).FindAllString(text, -1) {
		if strings.Contains(fold, "\n\n") {
			t.Errorf("a blank line ends the HTML:\n%s", fold)
		}
	}
	if !strings.Contains(text, "onerror") {
		t.Error("the hostile text is not shown at all")
	}
}

// A comment has a limit: what does not fit is named.
func TestPlanMarkdownFitsIntoAComment(t *testing.T) {
	var parts []*stack.Part
	for i := range 40 {
		var steps []graph.Step
		for j := range 50 {
			steps = append(steps, graph.Step{Key: graph.Join("subnet", fmt.Sprint(j)), Action: graph.Create})
		}
		parts = append(parts, part(fmt.Sprintf("region%d", i), steps...))
	}
	text := markdown(t, planOf(parts...), false)
	if len(text) > 65_536 {
		t.Errorf("%d characters", len(text))
	}
	for i := range 40 {
		if !strings.Contains(text, fmt.Sprintf("region%d", i)) {
			t.Errorf("region%d is not named", i)
		}
	}
}
