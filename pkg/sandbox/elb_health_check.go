package sandbox

import (
	"strconv"
	"strings"
	"time"

	"provision/pkg/sandbox/wire"
)

// healthCheck is how a load balancer finds out which targets work.
type healthCheck struct {
	Enabled   bool    `wire:"HealthCheckEnabled"`
	CheckedBy string  `wire:"HealthCheckProtocol"`
	CheckPort string  `wire:"HealthCheckPort"`
	Path      string  `wire:"HealthCheckPath"`
	Interval  int     `wire:"HealthCheckIntervalSeconds"`
	Timeout   int     `wire:"HealthCheckTimeoutSeconds"`
	Healthy   int     `wire:"HealthyThresholdCount"`   // successes in a row
	Unhealthy int     `wire:"UnhealthyThresholdCount"` // failures in a row
	Matcher   matcher `wire:"Matcher"`
}

type matcher struct {
	Codes string `wire:"HttpCode"`
}

// trafficPort is the port that the target gets its requests on.
const trafficPort = "traffic-port"

func defaultHealthCheck(protocol string) healthCheck {
	return healthCheck{
		Enabled: true, CheckedBy: protocol, CheckPort: trafficPort, Path: "/", Interval: 30, Timeout: 5, Healthy: 5,
		Unhealthy: 2, Matcher: matcher{"200"},
	}
}

// read changes what the parameters name. The limits are those of "CreateTargetGroup".
func (h *healthCheck) read(p wire.Params) error {
	h.CheckedBy = orElse(p.Str("HealthCheckProtocol"), h.CheckedBy)
	h.CheckPort = orElse(p.Str("HealthCheckPort"), h.CheckPort)
	h.Path = orElse(p.Str("HealthCheckPath"), h.Path)
	h.Matcher.Codes = orElse(p.Str("Matcher.HttpCode"), h.Matcher.Codes)
	for _, number := range []struct {
		parameter, name string
		least, most     int
		at              *int
	}{
		{"HealthCheckIntervalSeconds", "interval", 5, 300, &h.Interval},
		{"HealthCheckTimeoutSeconds", "timeout", 2, 120, &h.Timeout},
		{"HealthyThresholdCount", "healthy threshold", 2, 10, &h.Healthy},
		{"UnhealthyThresholdCount", "unhealthy threshold", 2, 10, &h.Unhealthy},
	} {
		n, err := p.Num(number.parameter, *number.at)
		if err != nil || n < number.least || n > number.most {
			return invalid("Health check %s '%s' must be in the range %d-%d", number.name, p.Str(number.parameter),
				number.least, number.most)
		}
		*number.at = n
	}
	switch {
	case h.Timeout >= h.Interval:
		return invalid("Health check interval must be greater than the timeout.")
	case !strings.HasPrefix(h.Path, "/"):
		return invalid("Health check path '%s' must begin with a '/' character", h.Path)
	case h.CheckedBy != "HTTP" && h.CheckedBy != "HTTPS":
		return invalid("Health check protocol '%s' must be one of 'HTTP, HTTPS'", h.CheckedBy)
	case p.Has("HealthCheckEnabled") && !p.Flag("HealthCheckEnabled"):
		return invalid("Health check enabled must be true for target groups with target type 'instance'")
	}
	return nil
}

// accepts says whether a status counts as success: codes are single ones, lists and ranges, such as 200,300-399.
func (m matcher) accepts(status int) bool {
	for part := range strings.SplitSeq(m.Codes, ",") {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 == nil && err2 == nil && from <= status && status <= to {
			return true
		}
	}
	return false
}

// untilHealthy is how long checks succeed before a target counts as healthy; untilUnhealthy how long they fail.
func (h *healthCheck) untilHealthy() time.Duration {
	return time.Duration(h.Healthy*h.Interval) * time.Second
}

func (h *healthCheck) untilUnhealthy() time.Duration {
	return time.Duration(h.Unhealthy*h.Interval) * time.Second
}
