package kind

import (
	"fmt"
	"slices"
	"strings"
)

// Lacks are what the registration does not say and has to.
func (r Registration) Lacks() []string {
	var lacking []string
	lack := func(missing bool, format string, args ...any) {
		if missing {
			lacking = append(lacking, fmt.Sprintf(format, args...))
		}
	}
	lack(r.Title == "", "a title")
	lack(r.TaggedAs == "", "its resource type in EC2's list of tags, or NotByEC2")
	lack(r.Place == Unplaced && !r.Launched, "a place in the diagram")
	lack(r.Writes.Create == "" && !r.Launched, "the call that creates it")
	lack(len(r.Writes.Delete) == 0, "the call that deletes it")
	lack(len(r.Actions.Read)+len(r.Actions.ReadOn) == 0, "an action that lists it")
	called := r.Actions.Called()
	for _, operation := range r.Writes.operations() {
		lack(!slices.Contains(called, operation), "an action for %s", operation)
	}
	for _, action := range called {
		service, name, ok := strings.Cut(action, ":")
		lack(!ok || service == "" || name == "", "the service of action %q", action)
	}
	for i, u := range r.Writes.Update {
		lack(len(u.Set) == 0, "the call that changes %q", u.Field)
		shadowed := slices.ContainsFunc(r.Writes.Update[:i], func(first Update) bool { return strings.HasPrefix(u.Field, first.Field) })
		lack(shadowed, "a way to the update of %q: an earlier one takes its changes", u.Field)
	}
	lack(len(r.Actions.Create) > 0 && len(r.Actions.Made) == 0 && !strings.HasPrefix(r.Actions.Create[0], "ec2:"), "the ARNs of what it creates")
	lack(len(r.Actions.On) == 0 && len(r.Actions.ReadOn)+len(r.Actions.ChangeOn) > 0, "the ARNs that its actions are limited to")
	return lacking
}
