package stack

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"provision/pkg/state"
)

// StalePlanError reports that a saved plan differs from a plan made now. Nothing was changed.
type StalePlanError struct{ Moved []string }

func (e *StalePlanError) Error() string {
	const shown = 8
	moved := e.Moved
	more := ""
	if len(moved) > shown {
		more = fmt.Sprintf("; and %d more differences", len(moved)-shown)
		moved = moved[:shown]
	}
	return "the saved plan is no longer true, and nothing was changed: " + strings.Join(moved, "; ") + more
}

// Unwrap makes it one of the errors that say that something is stale.
func (e *StalePlanError) Unwrap() error { return state.ErrStale }

// Same is a [StalePlanError] unless now, which was planned a moment ago, is this plan: every part of either is compared.
func (v Saved) Same(now Saved) error {
	moved := v.movedOrigin(now)
	for _, part := range v.Parts {
		other, ok := now.part(part.Region)
		if !ok {
			moved = append(moved, part.Region+": it is no longer planned")
			continue
		}
		for _, difference := range part.moved(other) {
			moved = append(moved, part.Region+": "+difference)
		}
	}
	for _, part := range now.Parts {
		if _, ok := v.part(part.Region); !ok {
			moved = append(moved, fmt.Sprintf("%s: the plan does not name it, and now there are %d steps", part.Region, len(part.Steps)))
		}
	}
	if len(moved) == 0 && !v.equal(now) {
		moved = append(moved, "it is another plan, in a part that has no name here")
	}
	if len(moved) > 0 {
		return &StalePlanError{Moved: moved}
	}
	return nil
}

func (v Saved) part(region string) (Kept, bool) {
	i := slices.IndexFunc(v.Parts, func(k Kept) bool { return k.Region == region })
	if i < 0 {
		return Kept{}, false
	}
	return v.Parts[i], true
}

// equal compares everything but when the plans were made, so that nothing escapes which Same has no words for: a part that
// is there twice, or a field that is new.
func (v Saved) equal(now Saved) bool {
	v.Created, now.Created = time.Time{}, time.Time{}
	ours, err := json.Marshal(v)
	theirs, otherErr := json.Marshal(now)
	return err == nil && otherErr == nil && bytes.Equal(ours, theirs)
}

// movedOrigin compares what the whole plan was made from, but for when.
func (v Saved) movedOrigin(now Saved) []string {
	var moved []string
	for _, part := range []struct{ what, then, now string }{
		{"version of provision", v.Program, now.Program},
		{"stack", v.Stack, now.Stack},
		{"target", v.Target, now.Target},
		{"state", v.State, now.State},
		{"account", v.Account, now.Account},
		{"endpoint", v.place(), now.place()},
		{"owner of the state", v.Owner, now.Owner},
		{"list of regions", strings.Join(v.Regions, ","), strings.Join(now.Regions, ",")},
		{"flag --refresh-ami", fmt.Sprint(v.RefreshAMI), fmt.Sprint(now.RefreshAMI)},
	} {
		switch part.then {
		case part.now:
		case "":
			moved = append(moved, fmt.Sprintf("there was no %s, and now it is %q", part.what, part.now))
		default:
			moved = append(moved, fmt.Sprintf("the %s was %q and is %q", part.what, part.then, part.now))
		}
	}
	if v.Settings != now.Settings {
		moved = append(moved, "the settings have changed")
	}
	return moved
}

func (v Saved) place() string {
	if v.Sandbox {
		return "sandbox"
	}
	return cmp.Or(v.Endpoint, "AWS")
}

func (k Kept) moved(now Kept) []string {
	var moved []string
	if k.Serial != now.Serial {
		moved = append(moved, fmt.Sprintf("the state was written since (serial %d, now %d)", k.Serial, now.Serial))
	}
	if k.Facts.AMI != now.Facts.AMI {
		moved = append(moved, fmt.Sprintf("the image was %s and is %s", k.Facts.AMI, now.Facts.AMI))
	}
	if !slices.Equal(k.Facts.Zones, now.Facts.Zones) {
		moved = append(moved, fmt.Sprintf("the zones were %v and are %v", k.Facts.Zones, now.Facts.Zones))
	}
	then, today := k.byID(), now.byID()
	for _, step := range k.Steps {
		if other, ok := today[step.name()]; !ok {
			moved = append(moved, fmt.Sprintf("%s: no longer to %s", step.name(), step.Action))
		} else if !step.same(other) {
			moved = append(moved, fmt.Sprintf("%s: was to %s, now to %s", step.name(), step, other))
		}
	}
	for _, step := range now.Steps {
		if _, ok := then[step.name()]; !ok {
			moved = append(moved, fmt.Sprintf("%s: now to %s", step.name(), step))
		}
	}
	return moved
}

func (k Kept) byID() map[string]KeptStep {
	steps := map[string]KeptStep{}
	for _, step := range k.Steps {
		steps[step.name()] = step
	}
	return steps
}

// name tells steps apart: a thing that goes may have the key of one that comes.
func (s KeptStep) name() string { return strings.TrimSpace(string(s.Key) + " " + s.ID) }

// same compares two steps of one name.
func (s KeptStep) same(other KeptStep) bool {
	return s.Action == other.Action && slices.Equal(s.Changes, other.Changes)
}

func (s KeptStep) String() string {
	fields := make([]string, 0, len(s.Changes))
	for _, c := range s.Changes {
		fields = append(fields, fmt.Sprintf("%s: %q to %q", c.Field, c.From, c.To))
	}
	if len(fields) == 0 {
		return string(s.Action)
	}
	return string(s.Action) + " (" + strings.Join(fields, ", ") + ")"
}
