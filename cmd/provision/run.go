package main

import (
	"fmt"
	"slices"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/live"
)

// upRun is what is known of an `up` before it begins.
func (s *session) upRun(plan *stack.Plan) live.Run {
	run := s.newRun("up")
	for _, part := range plan.Parts {
		run.Parts = append(run.Parts, live.Part{Region: part.Region, Tasks: s.stack.Outlook(part), Err: part.Err})
	}
	run.Parts = globalLast(run.Parts)
	return run
}

// downRun is what is known of a `down` before it begins.
func (s *session) downRun(removal *stack.Removal) live.Run {
	run := s.newRun("down")
	for _, part := range removal.Parts {
		shown := live.Part{Region: part.Region, Err: part.Err}
		if part.Removal != nil {
			shown.Tasks = part.Removal.Outlook()
		}
		run.Parts = append(run.Parts, shown)
	}
	run.Parts = globalLast(run.Parts)
	return run
}

func (s *session) newRun(command string) live.Run {
	run := live.Run{Command: command, Stack: s.config.Name}
	if s.backend.sandbox != nil {
		run.Note = fmt.Sprintf("sandbox %g×", s.backend.speed)
	}
	return run
}

// globalLast moves what a stack has once to the end, and leaves it out if nothing is to be done to it.
func globalLast(parts []live.Part) []live.Part {
	at := slices.IndexFunc(parts, func(p live.Part) bool { return p.Region == state.Global })
	if at < 0 {
		return parts
	}
	global := parts[at]
	global.Global = true
	parts = slices.Delete(parts, at, at+1)
	busy := slices.ContainsFunc(global.Tasks, func(o graph.Outlook) bool { return !o.Idle })
	if !busy && global.Err == nil {
		return parts
	}
	return append(parts, global)
}
