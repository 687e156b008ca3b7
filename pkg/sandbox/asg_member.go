package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// member is an instance of a group.
type member struct {
	ID        string
	Zone      string
	State     string // of its life cycle
	Unhealthy bool
	Type      string
	ImageID   string
	Template  templateReference // with the version's number
	Protected bool              // from scaling in
	InService time.Time         // since when; zero before
	Drained   time.Time         // when it is terminated, after connections were let drain
	Activity  string            // that is in progress for it
}

// The states of a member that the sandbox knows.
const (
	memberPending     = "Pending"
	memberInService   = "InService"
	memberStandby     = "Standby"
	memberTerminating = "Terminating"
)

type memberView struct {
	ID        string       `wire:"InstanceId"`
	Zone      string       `wire:"AvailabilityZone"`
	State     string       `wire:"LifecycleState"`
	Health    string       `wire:"HealthStatus"`
	Type      string       `wire:"InstanceType"`
	ImageID   string       `wire:"ImageId"`
	Template  templateView `wire:"LaunchTemplate"`
	Protected bool         `wire:"ProtectedFromScaleIn"`
}

func (m *member) view() memberView {
	health := "Healthy"
	if m.Unhealthy {
		health = "Unhealthy"
	}
	return memberView{m.ID, m.Zone, m.State, health, m.Type, m.ImageID, m.Template.view(), m.Protected}
}

// staying says whether a member is not on its way out.
func (m *member) staying() bool { return m.State != memberTerminating }

// counts says whether a member is part of the group's capacity, which one in Standby is not.
func (m *member) counts() bool { return m.staying() && m.State != memberStandby }

func (g *scalingGroup) member(id string) *member {
	i := slices.IndexFunc(g.Members, func(m *member) bool { return m.ID == id })
	if i < 0 {
		return nil
	}
	return g.Members[i]
}

// count is how many members are part of the capacity.
func (g *scalingGroup) count() int {
	n := 0
	for _, m := range g.Members {
		if m.counts() {
			n++
		}
	}
	return n
}

// serve puts a member into service: from now on the target groups send it requests.
func (g *scalingGroup) serve(r *region, m *member) {
	m.State, m.InService = memberInService, r.now
	g.finish(r, m.Activity)
	m.Activity = ""
	for _, arn := range g.TargetGroups {
		if to := targetGroups.get(r, arn); to != nil {
			to.register(r, m.ID, to.Port)
		}
	}
}

// takeOut starts the termination of a member. Its connections drain first.
func (g *scalingGroup) takeOut(r *region, m *member, cause string) {
	if !m.staying() {
		return
	}
	g.ended(r, m)
	m.Activity = g.begin(r, "Terminating EC2 instance: "+m.ID, cause, m.Zone, "InProgress")
	m.State, m.Drained = memberTerminating, r.now
	for _, arn := range g.TargetGroups {
		from := targetGroups.get(r, arn)
		if from == nil {
			continue
		}
		from.deregister(r, m.ID, from.Port)
		if t := from.target(m.ID, from.Port); t != nil {
			m.Drained = latest(m.Drained, t.Draining)
		}
	}
}

// endMember terminates the instance of a member that was taken out.
func (r *region) endMember(g *scalingGroup, m *member) {
	m.Drained = r.now
	if i := instances.get(r, m.ID); i != nil {
		r.terminate(i, "Terminated by Auto Scaling group "+g.Name)
	}
}

// pick is the member that scaling in takes: one in a zone that the group has left, or else in that with the most; among
// those, that of the oldest template, and then of age.
func (g *scalingGroup) pick(r *region) *member {
	return g.pickOf(r, func(m *member) bool { return m.counts() && !m.Protected })
}

// pickOf is [scalingGroup.pick] among some members: the balance of the zones comes before all else.
func (g *scalingGroup) pickOf(r *region, eligible func(*member) bool) *member {
	perZone := map[string]int{}
	for _, m := range g.Members {
		if m.staying() {
			perZone[m.Zone]++
		}
	}
	places := g.places(r)
	for zone := range perZone {
		if !slices.ContainsFunc(places, func(s *subnet) bool { return s.Zone == zone }) {
			perZone[zone] += len(g.Members)
		}
	}
	var found *member
	for _, m := range g.Members {
		if !eligible(m) {
			continue
		}
		if found == nil || perZone[m.Zone] > perZone[found.Zone] ||
			perZone[m.Zone] == perZone[found.Zone] && m.Template.number() < found.Template.number() {
			found = m
		}
	}
	return found
}

func (t templateReference) number() int {
	n, err := strconv.Atoi(t.Version)
	if err != nil {
		return 0 // older than every version
	}
	return n
}

// terminateMember terminates one instance, with or without replacing it.
func terminateMember(c *call) (any, error) {
	id := c.Str("InstanceId")
	for g := range scalingGroups.all(c.region) {
		m := g.member(id)
		if m == nil || !m.staying() {
			continue
		}
		if c.Flag("ShouldDecrementDesiredCapacity") {
			if g.Desired <= g.Min {
				return nil, invalid("Currently, desiredSize equals minSize (%d). Terminating instance without replacement will "+
					"violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower "+
					"group's min size.", g.Min)
			}
			g.Desired--
		}
		g.takeOut(c.region, m, "instance "+id+" was taken out of service in response to a user request.")
		g.soon(c.region)
		return struct {
			Activity activityView `wire:"Activity"`
		}{g.Activities[len(g.Activities)-1].view(g)}, nil
	}
	return nil, invalid("Instance Id not found - No managed instance found for instance ID %s", strings.TrimSpace(id))
}
