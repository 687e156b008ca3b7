package sandbox

import (
	"fmt"
	"net/http"
	"slices"
)

// health is what a load balancer thinks of a target. It is derived from what is so at the moment, and since when:
// checks are not counted one by one. States and reasons are those of "TargetHealth".
type health struct {
	State       string `wire:"State"`
	Reason      string `wire:"Reason"`
	Description string `wire:"Description"`
}

const (
	targetHealthy   = "healthy"
	targetUnhealthy = "unhealthy"
	targetDraining  = "draining"
	targetUnused    = "unused"
	targetInitial   = "initial"
)

// health of a target of a group.
func (r *region) health(g *targetGroup, t *target) health {
	if !t.Draining.IsZero() {
		return health{targetDraining, "Target.DeregistrationInProgress", "Target deregistration is in progress"}
	}
	lb := r.balancerOf(g)
	if lb == nil {
		return health{
			targetUnused, "Target.NotInUse",
			"Target group is not configured to receive traffic from the load balancer",
		}
	}
	i := instances.get(r, t.ID)
	if i == nil || !i.alive() {
		return health{targetUnused, "Target.InvalidState", "Target is in the terminated state"}
	}
	if !slices.ContainsFunc(lb.Zones, func(z elbZone) bool { return z.Name == i.Zone }) {
		return health{
			targetUnused, "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer",
		}
	}
	if lb.Active.IsZero() {
		return health{targetInitial, "Elb.RegistrationInProgress", "Target registration is in progress"}
	}
	return r.checked(g, t, i, lb)
}

// checked is the outcome of the health checks so far. A target that has failed too often before it ever succeeded is
// unhealthy until it has succeeded often enough.
func (r *region) checked(g *targetGroup, t *target, i *instance, lb *loadBalancer) health {
	begin := latest(t.Registered, g.InUse, lb.Active)
	givenUp := begin.Add(g.untilUnhealthy())
	failure := r.failure(g, t, i, lb)
	switch {
	case failure == nil && !r.now.Before(latest(begin, i.Serving).Add(g.untilHealthy())):
		return health{State: targetHealthy}
	case failure == nil && i.Serving.Before(givenUp), failure != nil && r.now.Before(givenUp):
		return health{targetInitial, "Elb.InitialHealthChecking", "Initial health checks in progress"}
	case failure == nil:
		return health{targetUnhealthy, "Target.FailedHealthChecks", "Health checks failed"}
	default:
		return *failure
	}
}

// failure is what a health check of this moment finds wrong, nil if it succeeds.
func (r *region) failure(g *targetGroup, t *target, i *instance, lb *loadBalancer) *health {
	port := g.checkPort(t)
	if !r.admitted(lb, i, port) {
		return &health{targetUnhealthy, "Target.Timeout", "Request timed out"}
	}
	if !i.serves(r.now) || !i.listensOn(port) {
		return &health{targetUnhealthy, "Target.FailedHealthChecks", "Health checks failed"}
	}
	status := http.StatusOK
	if !i.hasPath(g.Path) {
		status = http.StatusNotFound
	}
	if !g.Matcher.accepts(status) {
		return &health{
			targetUnhealthy, "Target.ResponseCodeMismatch", fmt.Sprintf("Health checks failed with these codes: [%d]", status),
		}
	}
	return nil
}

// balancerOf is the load balancer whose listener uses a target group, nil if there is none.
func (r *region) balancerOf(g *targetGroup) *loadBalancer {
	if len(g.LoadBalancers) == 0 {
		return nil
	}
	return loadBalancerKind.get(r, g.LoadBalancers[0])
}
