package sandbox

import "slices"

// scalingProcesses are the processes that run on their own in a group, unless they are suspended ("Suspend and resume processes").
var scalingProcesses = []string{
	"Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance", "HealthCheck", "InstanceRefresh",
	"ReplaceUnhealthy", "ScheduledActions",
}

type suspended struct {
	Name   string `wire:"ProcessName"`
	Reason string `wire:"SuspensionReason"`
}

func scalingProcessOperations(reg *registry) {
	reg.asg("SuspendProcesses", mutates, suspendProcesses)
	reg.asg("ResumeProcesses", mutates, resumeProcesses)
}

func (g *scalingGroup) isSuspended(process string) bool { return slices.Contains(g.Suspended, process) }

// processes are those that a call names, all if it names none.
func (c *call) processes() (*scalingGroup, []string, error) {
	g, err := c.scalingGroup()
	if err != nil {
		return nil, nil, err
	}
	named := c.List("ScalingProcesses")
	for _, process := range named {
		if !slices.Contains(scalingProcesses, process) {
			return nil, nil, invalid("Process '%s' is not valid", process)
		}
	}
	if len(named) == 0 {
		named = scalingProcesses
	}
	return g, named, nil
}

func suspendProcesses(c *call) (any, error) {
	g, named, err := c.processes()
	if err != nil {
		return nil, err
	}
	for _, process := range named {
		if !g.isSuspended(process) {
			g.Suspended = append(g.Suspended, process)
		}
	}
	c.region.touch()
	return nil, nil
}

func resumeProcesses(c *call) (any, error) {
	g, named, err := c.processes()
	if err != nil {
		return nil, err
	}
	g.Suspended = slices.DeleteFunc(slices.Clone(g.Suspended), func(p string) bool { return slices.Contains(named, p) })
	g.soon(c.region)
	return nil, nil
}
