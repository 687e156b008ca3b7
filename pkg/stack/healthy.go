package stack

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"provision/pkg/graph"
	"provision/pkg/lb"
)

// Targets turn healthy some checks after nginx answers; from then on a look every few seconds finds it soon.
const (
	firstHealthLook = time.Second
	lastHealthLook  = 3 * time.Second
	healthLimit     = 15 * time.Minute
)

// UnhealthyError says that too few targets got healthy.
type UnhealthyError struct {
	Region          string
	Healthy, Wanted int
	After           time.Duration
	Why             string
}

func (e *UnhealthyError) Error() string {
	return fmt.Sprintf("%s: %d of %d targets are healthy after %s: %s", e.Region, e.Healthy, e.Wanted, e.After, e.Why)
}

// awaitHealthy waits until load balancing finds as many targets healthy as instances are wanted. It is asked even where
// nothing was changed: "ready" is what it says.
func (s *Stack) awaitHealthy(ctx context.Context, part *Part) (healthy int, err error) {
	wanted, api := s.wantedTargets(part), s.Cloud.Region(part.Region).ELB
	group := part.Plan.Ref(targetsKey).ID()
	if !part.changed() {
		if targets, err := s.targets(ctx, part, group); err == nil {
			if healthy, _ := countHealthy(targets); healthy >= wanted {
				s.emit(graph.Event{Region: part.Region, Key: healthKey, Type: graph.EventReady, Detail: healthyOf(healthy, wanted)})
				return healthy, nil
			}
		}
	}
	since, told := s.clock().Now(), ""
	for wait := firstHealthLook; ; wait = min(2*wait, lastHealthLook) {
		looked := s.clock().Now()
		targets, err := lb.Health(ctx, api, group)
		if err != nil {
			return 0, fmt.Errorf("%s: read the health of the targets: %w", part.Region, err)
		}
		healthy, why := countHealthy(targets)
		if healthy >= wanted {
			s.emit(graph.Event{Region: part.Region, Key: healthKey, Type: graph.EventReady, Detail: healthyOf(healthy, wanted)})
			return healthy, nil
		}
		if looked.Sub(since) >= healthLimit { // an answer that was slow to come tells what was true before
			return healthy, &UnhealthyError{Region: part.Region, Healthy: healthy, Wanted: wanted, After: healthLimit, Why: why}
		}
		if detail := healthyOf(healthy, wanted); detail != told {
			told = detail
			s.emit(graph.Event{Region: part.Region, Key: healthKey, Type: graph.Waiting, Detail: detail})
		}
		if err := s.clock().Sleep(ctx, wait); err != nil {
			return healthy, err
		}
	}
}

func healthyOf(healthy, wanted int) string {
	return fmt.Sprintf("%d of %d healthy", healthy, wanted)
}

// countHealthy also gives the reason of one that is not.
func countHealthy(targets []lb.Target) (healthy int, why string) {
	why = "no instance is registered"
	for _, t := range targets {
		if t.Healthy() {
			healthy++
			continue
		}
		why = fmt.Sprintf("%s is %s: %s", t.ID, t.State, t.Description)
	}
	return healthy, why
}

// url is where the region's load balancer answers.
func (s *Stack) url(part *Part) string {
	return s.urlOf(part.Region, part.Plan.Ref(balancerKey).Output(lb.OutputDNSName))
}

func (s *Stack) urlOf(region, host string) string {
	settings, err := s.Config.Region(region)
	switch {
	case err != nil || host == "":
		return ""
	case settings.LB.TLS.On():
		return "https://" + host
	case settings.LB.Port != httpPort:
		return "http://" + net.JoinHostPort(host, strconv.Itoa(settings.LB.Port))
	}
	return "http://" + host
}
