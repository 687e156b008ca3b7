package effect

import (
	"fmt"
	"strconv"
	"time"

	"provision/pkg/compute"
	"provision/pkg/graph"
)

// instances are what happens to the members of the Auto Scaling group.
func (r region) instances() []Effect {
	step := r.step["auto-scaling-group"]
	group, ok := step.Observed.(compute.AutoScalingGroupState)
	if !ok || len(group.Members) == 0 {
		return nil
	}
	if step.Action == graph.Replace || step.Action == graph.Delete {
		n := len(group.Members)
		return []Effect{{
			Kind: Outage, Instances: n, Of: n, Fewer: n,
			Text: fmt.Sprintf("all %s end before new ones start: no requests are served meanwhile", plural(n, "instance")),
		}}
	}
	var all []Effect
	if e, ok := r.fewer(step, group); ok {
		all = append(all, e)
	}
	moves := r.moves(group)
	if e, ok := r.replaced(group, moves); ok {
		all = append(all, e)
	} else if moves > 0 {
		all = append(all, r.moved(group, moves))
	}
	return all
}

// moved are the instances that Auto Scaling moves to other zones. It starts another before it ends one, and does not wait
// until load balancing finds the new one healthy.
func (r region) moved(group compute.AutoScalingGroupState, moves int) Effect {
	takes := group.Grace + r.settings.LB.Drain
	return Effect{
		Kind: Replaced, Instances: moves, Of: len(group.Members), Fewer: moves, Takes: takes,
		Text: fmt.Sprintf("%d of %s replaced in other zones: up to %d fewer serve until the new ones are healthy, about %s",
			moves, plural(len(group.Members), "instance"), moves, minutes(takes)),
	}
}

// fewer are the instances that end because fewer are wanted.
func (r region) fewer(step graph.Step, group compute.AutoScalingGroupState) (Effect, bool) {
	less := -compute.Growth(step.Changes)
	if less <= 0 {
		return Effect{}, false
	}
	return Effect{
		Kind: Capacity, Instances: less, Of: len(group.Members), Fewer: less,
		From: strconv.Itoa(int(group.Desired)), To: strconv.Itoa(int(group.Desired) - less),
		Text: fmt.Sprintf("%d of %s end: the group shrinks from %d to %d", less, plural(len(group.Members), "instance"),
			group.Desired, int(group.Desired)-less),
	}, true
}

// replaced are the instances that the group replaces because their template changes, or changed before.
// The refresh keeps as many healthy as are wanted; moves to other zones, at the same time, do not.
func (r region) replaced(group compute.AutoScalingGroupState, moves int) (Effect, bool) {
	template := r.step["launch-template"]
	observed, _ := template.Observed.(compute.LaunchTemplateState)
	old, of := len(group.Outdated(observed)), len(group.Members)
	if template.Action == graph.Create || template.Action == graph.Update && compute.ReplacesInstances(template.Changes) {
		old = of
	}
	if old == 0 {
		return Effect{}, false
	}
	takes := r.rolling(old, of)
	text := fmt.Sprintf("%d of %s replaced, rolling, about %s", old, plural(of, "instance"), minutes(takes))
	if moves > 0 {
		text += fmt.Sprintf("; up to %d fewer serve while the zones change", moves)
	}
	return Effect{Kind: Replaced, Instances: max(old, moves), Of: of, Fewer: moves, Takes: takes, Text: text}, true
}

// rolling is how long a replacement takes as a rule. Half as many instances again as are wanted may run at once, so
// that so many start together; each must stand its warm-up, which is the grace period, and an old one is drained
// before it ends ("How an instance refresh works in an Auto Scaling group").
func (r region) rolling(old, of int) time.Duration {
	batch := max(1, of/2)
	batches := (old + batch - 1) / batch
	group, _ := r.step["auto-scaling-group"].Observed.(compute.AutoScalingGroupState)
	return time.Duration(batches) * (group.Grace + r.settings.LB.Drain + boot)
}

// boot is what an instance takes from its launch until it runs.
const boot = 30 * time.Second

func minutes(d time.Duration) string {
	if n := int(d.Round(time.Minute) / time.Minute); n > 1 {
		return fmt.Sprintf("%d min", n)
	}
	return "1 min"
}
