package sandbox

import (
	"slices"
	"strings"
	"time"
)

// scalingGroup is an Auto Scaling group.
type scalingGroup struct {
	Name         string
	ARN          string
	Created      time.Time
	Min          int
	Max          int
	Desired      int
	Cooldown     int // seconds
	Warmup       *int
	HealthCheck  string // EC2 or ELB, as it was sent
	Grace        int    // seconds from when an instance is in service until its health counts
	MaxLifetime  *int
	Rebalance    bool
	Protect      bool   // new instances, from scaling in
	Deletion     string // how far deletion is prevented; empty: not at all
	Maintenance  *maintenancePolicy
	Template     templateReference // its version as it was sent, such as $Latest
	Subnets      []string
	TargetGroups []string
	Termination  []string
	Tags         []scalingTag

	Members    []*member
	Activities []*activity // the oldest first
	Refreshes  []*refresh  // the oldest first
	Policies   []*scalingPolicy
	Suspended  []string // processes

	Deleting bool
	Wake     time.Time // of the next reconciliation; zero if none is planned
	Retry    time.Time // no launch before

	Balancing string // the instance that was launched last to even out the zones
}

// maintenancePolicy bounds how much of a group may be healthy while instances are replaced, in percent.
type maintenancePolicy struct {
	Least *int `wire:"MinHealthyPercentage"`
	Most  *int `wire:"MaxHealthyPercentage"`
}

var scalingGroups = newKind[scalingGroup]("auto-scaling-group", "")

// scalingGroupView is a group as it is described.
type scalingGroupView struct {
	Name         string             `wire:"AutoScalingGroupName"`
	ARN          string             `wire:"AutoScalingGroupARN"`
	Template     templateView       `wire:"LaunchTemplate"`
	Min          int                `wire:"MinSize"`
	Max          int                `wire:"MaxSize"`
	Desired      int                `wire:"DesiredCapacity"`
	Cooldown     int                `wire:"DefaultCooldown"`
	Warmup       *int               `wire:"DefaultInstanceWarmup"`
	Zones        []string           `wire:"AvailabilityZones>member"`
	TargetGroups []string           `wire:"TargetGroupARNs>member"`
	HealthCheck  string             `wire:"HealthCheckType"`
	Grace        int                `wire:"HealthCheckGracePeriod"`
	Members      []memberView       `wire:"Instances>member"`
	Created      time.Time          `wire:"CreatedTime"`
	Suspended    []suspended        `wire:"SuspendedProcesses>member"`
	Subnets      string             `wire:"VPCZoneIdentifier"`
	Status       string             `wire:"Status"`
	Tags         []scalingTagView   `wire:"Tags>member"`
	Termination  []string           `wire:"TerminationPolicies>member"`
	Protect      bool               `wire:"NewInstancesProtectedFromScaleIn"`
	Rebalance    bool               `wire:"CapacityRebalance"`
	MaxLifetime  *int               `wire:"MaxInstanceLifetime"`
	Maintenance  *maintenancePolicy `wire:"InstanceMaintenancePolicy"`
	Deletion     string             `wire:"DeletionProtection"`
	Role         string             `wire:"ServiceLinkedRoleARN"`
}

type templateView struct {
	ID      string `wire:"LaunchTemplateId"`
	Name    string `wire:"LaunchTemplateName"`
	Version string `wire:"Version"`
}

func (t templateReference) view() templateView { return templateView(t) }

func (g *scalingGroup) view(r *region) scalingGroupView {
	v := scalingGroupView{
		Name: g.Name, ARN: g.ARN, Template: g.Template.view(), Min: g.Min, Max: g.Max, Desired: g.Desired,
		Cooldown: g.Cooldown, Warmup: g.Warmup, TargetGroups: g.TargetGroups, HealthCheck: g.HealthCheck, Grace: g.Grace,
		Created: g.Created, Subnets: strings.Join(g.Subnets, ","), Termination: g.Termination, Protect: g.Protect,
		Rebalance: g.Rebalance, MaxLifetime: g.MaxLifetime, Maintenance: g.Maintenance,
		Deletion: orElse(g.Deletion, "none"),
		Role:     groupsRole.arn(r.account.id),
	}
	if g.Deleting {
		v.Status = "Delete in progress"
	}
	for _, at := range g.places(r) {
		if !slices.Contains(v.Zones, at.Zone) {
			v.Zones = append(v.Zones, at.Zone)
		}
	}
	for _, m := range g.Members {
		v.Members = append(v.Members, m.view())
	}
	for _, t := range g.Tags {
		v.Tags = append(v.Tags, t.view(g.Name))
	}
	for _, process := range g.Suspended {
		v.Suspended = append(v.Suspended, suspended{process, "User suspended"})
	}
	return v
}

// places are the subnets that are still there.
func (g *scalingGroup) places(r *region) []*subnet {
	var out []*subnet
	for _, id := range g.Subnets {
		if s := subnets.get(r, id); s != nil {
			out = append(out, s)
		}
	}
	return out
}

// wake plans the next reconciliation; one that is planned for earlier stands.
func (g *scalingGroup) wake(r *region, after time.Duration) {
	at := r.now.Add(after)
	if !g.Wake.IsZero() && g.Wake.Before(at) {
		return
	}
	g.Wake = at
	r.after(after, "scaling-group-wakes", g.Name)
}
