package compute

import (
	"strconv"

	"provision/pkg/graph"
)

// ReplacesInstances says whether changes of a launch template let the group replace its instances. Their tags do not.
func ReplacesInstances(changes []graph.Change) bool { return replaces(changes) }

// Outdated are the members whose version of the template must be replaced.
func (o AutoScalingGroupState) Outdated(template LaunchTemplateState) []Member {
	return o.outdated(strconv.FormatInt(template.Note.Since, 10))
}

// FieldType is the change of a launch template to another instance type.
const FieldType = fieldData + "type"
