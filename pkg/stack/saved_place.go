package stack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"provision/pkg/config"
)

// MisplacedPlanError reports that a saved plan is for another stack, or another place, than the settings. An attacker
// who can write the plan's file could have written that; so the settings decide, and no call was made.
type MisplacedPlanError struct{ What, Plan, Settings, Hint string }

func (e *MisplacedPlanError) Error() string {
	return fmt.Sprintf("the saved plan is for the %s %s, and the settings say %s: %s", e.What, e.Plan, e.Settings, e.Hint)
}

// CheckStack refuses a plan for a stack, a target or regions that the settings do not have. Where the settings leave
// these open, the plan decides.
func (v Saved) CheckStack(c *config.Config) error {
	if c.Says("name") && c.Name != v.Stack {
		return &MisplacedPlanError{"stack", v.Stack, c.Name, "pass the settings that the plan was created from, or --name"}
	}
	if v.Target == "" && len(c.Targets) > 0 {
		return &MisplacedPlanError{"stack", v.Stack, "that it is a fleet", "create a plan for each target"}
	}
	for _, region := range v.Regions {
		if v.Target == "" && c.Says("regions") && !slices.Contains(c.Regions, region) {
			return &MisplacedPlanError{
				"region", region, strings.Join(c.Regions, ", "),
				"add it to the settings, or pass the same --regions as when the plan was created",
			}
		}
	}
	return nil
}

// CheckState refuses a plan that was made from another state than that of the settings.
func (v Saved) CheckState(c *config.Config) error {
	if place := placeOf(c.State); place != v.State {
		return &MisplacedPlanError{
			"state", v.State, place,
			"run the command in the same folder and with the same settings and --state as `provision plan`",
		}
	}
	return nil
}

func placeOf(at config.State) string { return cmp.Or(at.S3, at.Path) }
