package ui

import (
	"fmt"
	"io"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/stack"
)

// Status shows what is there, region by region, and each difference from what is wanted.
func Status(w io.Writer, s *stack.Status) {
	for _, part := range s.Parts {
		fmt.Fprintf(w, "%s  %s\n", bold.Render(part.Region), part.URL)
		if part.Plan == nil {
			fmt.Fprintf(w, "  %s %v\n\n", red.Render("!"), part.Err)
			continue
		}
		resources(w, part)
		instances(w, part)
		differences(w, part)
		if part.Err != nil {
			fmt.Fprintf(w, "  %s %v\n", red.Render("!"), part.Err)
		}
		fmt.Fprintln(w)
	}
}

func resources(w io.Writer, part *stack.StatusPart) {
	t := &table{}
	for _, step := range part.Plan.Steps {
		phase := phaseStyle(step.Phase).Render(step.Phase.String())
		switch step.Action {
		case graph.Create:
			phase = red.Render("missing")
		case graph.Delete:
			phase += " (not wanted)"
		}
		t.add(string(step.Key), phase, shortID(step.ID), faint.Render(step.Why))
	}
	t.print(w, "  ")
}

// shortID leaves out what ARNs have in common; the last part names the thing.
func shortID(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	for _, kind := range []string{":loadbalancer/", ":targetgroup/", ":listener/"} {
		if _, last, ok := strings.Cut(id, kind); ok {
			return last
		}
	}
	return id[strings.LastIndexByte(id, ':')+1:]
}

func instances(w io.Writer, part *stack.StatusPart) {
	if len(part.Instances) == 0 {
		return
	}
	health := map[string]string{}
	for _, target := range part.Targets {
		health[target.ID] = string(target.State)
		if !target.Healthy() && target.Description != "" {
			health[target.ID] += ": " + target.Description
		}
	}
	fmt.Fprintln(w, "  instances")
	t := &table{}
	for _, i := range part.Instances {
		target := health[i.ID]
		if target == "healthy" {
			target = green.Render(target)
		}
		t.add(i.ID, i.Zone, string(i.Lifecycle), i.Type, "template version "+i.Version, "target "+target)
	}
	t.print(w, "    ")
}

func differences(w io.Writer, part *stack.StatusPart) {
	changed := part.Plan.Changed()
	if len(changed) == 0 {
		fmt.Fprintln(w, "  "+green.Render("as wanted"))
	} else {
		fmt.Fprintln(w, "  "+yellow.Render("differs from what is wanted; `provision up` repairs it"))
		steps(w, changed)
	}
	others(w, part.Plan)
	if part.NewerAMI != "" {
		fmt.Fprintf(w, "  a newer image is out: %s; `provision up --refresh-ami` takes it\n", part.NewerAMI)
	}
}
