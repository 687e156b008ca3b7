package diagram

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/stack"
)

// planned is the picture of a saved plan that does something of each kind: see drifted.
func planned() Picture {
	part := drifted()
	s := &stack.Status{
		Plan:    &stack.Plan{Regions: []*stack.Part{{Region: part.Region, Plan: part.Plan}}},
		Regions: []*stack.StatusPart{part},
	}
	made := time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)
	return BuildPlan("web", s, made.Add(time.Hour), "plan.json", stack.Saved{Created: made})
}

// marked are the keys of the things and their marks, but for those that the plan leaves alone.
func marked(p Picture) map[string]string {
	all := map[string]string{}
	for _, n := range p.Regions[0].Nodes() {
		if n.State.Changed() {
			all[string(n.Key)] = n.State.Mark()
		}
	}
	return all
}

func TestPlanMarksWhatItChanges(t *testing.T) {
	want := map[string]string{
		"auto-scaling-group": "+", "security-group/app": "~", "nat-gateway/b": "-/+", "elastic-ip/z": "-",
	}
	if diff := cmp.Diff(want, marked(planned())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPageShowsThePlan(t *testing.T) {
	all := document(t, planned())
	texts := map[string]string{} // of the header's plan, by class
	for i, e := range all {
		if e.tag != "p" || e.attributes["class"] != "plan" {
			continue
		}
		for _, part := range all[i+1:] {
			if class := part.attributes["class"]; part.tag == "span" && texts[class] == "" {
				texts[class] = part.text
			}
		}
		want := "Plan plan.json, created at 08:30:00 UTC, 24 November 2026: + 1 to create, ~ 1 to update, -/+ 1 to replace, " +
			"- 1 to delete. provision up plan.json applies exactly this."
		if e.text != want {
			t.Errorf("the header says %q", e.text)
		}
	}
	for class, want := range map[string]string{
		"state missing": "+ 1 to create", "state differs": "~ 1 to update", "state replaced": "-/+ 1 to replace", "state unwanted": "- 1 to delete",
	} {
		if texts[class] != want {
			t.Errorf("%s says %q", class, texts[class])
		}
	}
	for _, state := range differences {
		cards := count(all, func(e *element) bool { return e.tag == "g" && e.attributes["class"] == "card "+string(state) })
		rows := count(all, func(e *element) bool {
			return e.tag == "td" && e.attributes["class"] == "state "+string(state) && strings.HasPrefix(e.text, state.Mark()+" ")
		})
		if rows != 1 && state != Differs || rows != 2 && state == Differs { // the overview's row of the region differs too
			t.Errorf("%s: %d rows", state, rows)
		}
		if cards != 2 { // wide and narrow
			t.Errorf("%s: %d cards", state, cards)
		}
	}
	if count(all, func(e *element) bool { return e.attributes["class"] == "region planned" }) != 1 {
		t.Error("what the plan leaves alone does not step back")
	}
	if count(all, func(e *element) bool { return e.tag == "td" && e.text == "~ 4 changes" }) != 1 {
		t.Error("the overview does not count the changes")
	}
}

func TestDrawingShowsThePlan(t *testing.T) {
	var text bytes.Buffer
	if err := SVG(&text, planned()); err != nil {
		t.Fatal(err)
	}
	all := parse(t, text.Bytes())
	caption := count(all, func(e *element) bool {
		return e.attributes["class"] == "caption" && e.text == "Plan plan.json:+ 1 to create~ 1 to update-/+ 1 to replace- 1 to delete"
	})
	if caption != 1 {
		t.Error("the drawing does not say whose changes it shows")
	}
	for _, state := range differences {
		if n := count(all, func(e *element) bool { return e.attributes["class"] == "card "+string(state) }); n != 1 {
			t.Errorf("%s: %d cards", state, n)
		}
	}
}

func TestTextsShowThePlan(t *testing.T) {
	for name, form := range map[string]struct {
		draw func(io.Writer, Picture) error
		want []string
	}{
		"mermaid": {Mermaid, []string{
			`title: "Plan plan.json: + 1 to create, ~ 1 to update, -/+ 1 to replace, - 1 to delete"`,
			`["+ Auto Scaling group<br/>to create"]:::missing`, `:::differs`,
			`["-/+ NAT gateway b<br/>nat-b<br/>failed, to replace"]:::replaced`,
			`["- Elastic IP z<br/>eip-z<br/>to delete"]:::unwanted`, `classDef replaced stroke:`,
		}},
		"dot": {DOT, []string{
			`label="Plan plan.json: + 1 to create, ~ 1 to update, -/+ 1 to replace, - 1 to delete"; labelloc=t;`,
			`"+ Auto Scaling group\nto create"`, `"~ Security group app\nsg-app\nto update\ningress: none → tcp 80 from sg-alb"`,
			`"-/+ NAT gateway b\nnat-b\nfailed, to replace"`, `"- Elastic IP z\neip-z\nto delete"`,
		}},
	} {
		var text bytes.Buffer
		if err := form.draw(&text, planned()); err != nil {
			t.Fatal(err)
		}
		for _, want := range form.want {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%s lacks %s:\n%s", name, want, text.String())
			}
		}
	}
}

func TestPlanThatDoesNothing(t *testing.T) {
	p := drawn(1, 1, perZone)
	p.Plan = &Planned{File: "plan.json"}
	p.Regions[0].Planned = true
	if got, want := p.Plan.says(), "Plan plan.json: nothing to do"; got != want {
		t.Errorf("it says %q", got)
	}
	if got, want := p.Regions[0].verdict(), "0 changes"; got != want {
		t.Errorf("the region's verdict is %q", got)
	}
}
