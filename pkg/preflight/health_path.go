package preflight

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"provision/pkg/graph"
	"provision/pkg/lb"
	"provision/pkg/stack"
)

// pathPatience is how long the targets that serve now have to answer a new health check path.
const pathPatience = 10 * time.Second

// gateways are statuses that a load balancer answers with itself when no target does.
var gateways = []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// healthPath tries a new health check path on the targets that serve now. If they don't answer it, load balancing would
// find all of them unhealthy, and the group would replace them, and those that come after them, for ever.
func (p Preflight) healthPath(ctx context.Context, part *stack.Part) []Finding {
	const check = "health check path"
	if part.Plan == nil { // why it can't be planned is a finding of its own
		return nil
	}
	path, base := newHealthPath(part), liveURL(part)
	if path == "" || base == nil || p.Stack.Cloud.Custom() != "" {
		return nil
	}
	where, err := base.Parse(path)
	if err != nil {
		return []Finding{failed(part.Region, check, "write it like /health", "%v", err)}
	}
	status, err := p.fetch(ctx, where.String())
	switch {
	case err != nil:
		return []Finding{warning(part.Region, check, "", "%s could not be tried: %v", path, err)}
	case slices.Contains(gateways, status):
		return []Finding{warning(part.Region, check, "", "%s could not be tried: no target answers now (status %d)", path, status)}
	case status != http.StatusOK:
		return []Finding{failed(part.Region, check,
			"deploy what answers "+path+" first, and change lb.health_path in a run after it",
			"the targets that serve now answer %s with status %d: all of them would turn unhealthy and be replaced without end", path, status)}
	}
	return []Finding{ok(part.Region, check, "the targets that serve now answer %s", path)}
}

func (p Preflight) fetch(ctx context.Context, where string) (status int, err error) {
	client := &http.Client{
		Transport: p.Stack.Web, Timeout: pathPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, where, http.NoBody)
	if err != nil {
		return 0, fmt.Errorf("ask %s: %w", where, err)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, err
}

// newHealthPath is the path that the part's plan changes to; empty if it changes none of a group that is there.
func newHealthPath(part *stack.Part) string {
	for _, step := range part.Plan.Steps {
		for _, c := range step.Changes {
			if step.Action == graph.Update && step.Key.Kind() == (lb.TargetGroups{}).Kind() && c.Field == lb.FieldHealthPath {
				return c.To
			}
		}
	}
	return ""
}

// liveURL is where the region's targets answer now: by a listener that sends requests to them, under the load
// balancer's name.
func liveURL(part *stack.Part) *url.URL {
	host, port, scheme := "", "", ""
	for _, step := range part.Plan.Steps {
		switch o := step.Observed.(type) {
		case lb.LoadBalancerState:
			host = o.DNSName
		case lb.ListenerState:
			if o.Forwards() {
				port, scheme = strconv.Itoa(int(o.Port)), o.Scheme()
			}
		}
	}
	if host == "" || port == "" {
		return nil
	}
	return &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port)}
}
