package compute

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/graph"
)

// RefreshError says that the replacement of a group's instances ended before it was done, and not by this run.
type RefreshError struct {
	Group  string
	Status types.InstanceRefreshStatus
	Reason string // in AWS's words
}

func (e *RefreshError) Error() string {
	text := fmt.Sprintf("the instance refresh of group %s ended as %s", e.Group, e.Status)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// Next is what to do about it, as a clause.
func (e *RefreshError) Next() string {
	if e.Status == types.InstanceRefreshStatusFailed {
		return "find out why new instances do not serve (`provision status`; their user data logs to /var/log/cloud-init-output.log), " +
			"then run the same command again: it starts another refresh"
	}
	return "ask who ended it, and run the same command again if it should continue: it starts another refresh, which skips the instances " +
		"that are replaced"
}

// ended says whether the refresh is over without success.
func (r Refresh) ended() bool {
	switch r.Status {
	case types.InstanceRefreshStatusFailed, types.InstanceRefreshStatusCancelled,
		types.InstanceRefreshStatusRollbackSuccessful, types.InstanceRefreshStatusRollbackFailed:
		return true
	}
	return false
}

// after is the refresh with what the run knew of it before.
func (r Refresh) after(before Refresh) Refresh {
	r.Watched = r.ID != "" && r.ID == before.ID && (before.Watched || before.Active())
	return r
}

// standby says whether people took the member out of service without ending it.
func (m Member) standby() bool {
	return m.Lifecycle == types.LifecycleStateStandby || m.Lifecycle == types.LifecycleStateEnteringStandby
}

// spared is why a refresh leaves the member as it is; empty for the others.
func (m Member) spared() string {
	switch {
	case m.standby():
		return "in Standby"
	case m.Protected:
		return "protected from scaling in"
	}
	return ""
}

// leftAlone names the members that a refresh does not replace, to be added to a text; empty if there is none.
func (o AutoScalingGroupState) leftAlone() string {
	var all []string
	for _, m := range o.Members {
		if why := m.spared(); why != "" && m.Version != o.TemplateVersion && !m.leaving() {
			all = append(all, m.ID+" "+why)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "; left as they are: " + strings.Join(all, ", ")
}

// reportSpared are the members that would be replaced if people had not set them aside.
func (r AutoScalingGroup) reportSpared(o AutoScalingGroupState) []graph.Change {
	var changes []graph.Change
	free := o
	free.Members = nil
	for _, m := range o.Members {
		m.Protected = false
		if m.standby() {
			m.Lifecycle = types.LifecycleStateInService
		}
		free.Members = append(free.Members, m)
	}
	stale := map[string]bool{}
	for _, m := range free.outdated(r.Template.Output(OutputSince)) {
		stale[m.ID] = true
	}
	for _, m := range o.Members {
		if why := m.spared(); why != "" && stale[m.ID] {
			changes = append(changes, graph.Change{
				Field: reportedMember + m.ID, From: "version " + m.Version + ", " + why, To: "version " + o.TemplateVersion,
			})
		}
	}
	return changes
}
