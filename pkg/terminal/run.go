package terminal

import (
	"slices"

	"provision/pkg/graph"
	"provision/pkg/stack"
	"provision/pkg/state"
	"provision/pkg/ui/live"
)

// UpRun is what is known of an `up` before it starts. The note is shown next to the stack's name.
func UpRun(s *stack.Stack, plan *stack.Plan, note string) live.Run {
	run := live.Run{Command: "up", Stack: s.Config.Name, Note: note}
	for _, part := range plan.Parts() {
		run.Parts = append(run.Parts, live.Part{Region: part.Region, Tasks: s.Outlook(part), Err: part.Err})
	}
	run.Parts = globalLast(run.Parts)
	return run
}

// DownRun is what is known of a `down` before it starts.
func DownRun(s *stack.Stack, removal *stack.Removal, note string) live.Run {
	run := live.Run{Command: "down", Stack: s.Config.Name, Note: note}
	for _, part := range removal.Parts() {
		shown := live.Part{Region: part.Region, Err: part.Err}
		if part.Removal != nil {
			shown.Tasks = part.Removal.Outlook()
		}
		run.Parts = append(run.Parts, shown)
	}
	run.Parts = globalLast(run.Parts)
	return run
}

// globalLast moves the resources that a stack has once to the end, and leaves them out if there is nothing to do to
// them.
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
