package lb

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"provision/pkg/graph"
)

// HealthCheck is how a target group finds out which targets work. Zero values of Protocol, Port, Timeout and Status
// mean HTTP, the port that the target gets its traffic on, five seconds or less than the interval, and 200.
type HealthCheck struct {
	Path               string
	Interval, Timeout  time.Duration // whole seconds; the timeout must be the shorter one
	Healthy, Unhealthy int32         // checks in a row
	Status             string        // HTTP codes that are good, e.g. "200" or "200-299"
	Protocol           types.ProtocolEnum
	Port               string
}

const (
	fieldHealthCheck = "health check " // the start of the names of its fields
	longestTimeout   = 5 * time.Second
	trafficPort      = "traffic-port"
)

// complete fills in what was left to the defaults.
func (h HealthCheck) complete() HealthCheck {
	if h.Timeout == 0 {
		h.Timeout = min(longestTimeout, h.Interval-time.Second)
	}
	if h.Status == "" {
		h.Status = "200"
	}
	if h.Protocol == "" {
		h.Protocol = types.ProtocolEnumHttp
	}
	if h.Port == "" {
		h.Port = trafficPort
	}
	return h
}

func (h HealthCheck) diff(have HealthCheck) []graph.Change {
	want := h.complete()
	var changes []graph.Change
	compare := func(field, from, to string) {
		if from != to {
			changes = append(changes, graph.Change{Field: fieldHealthCheck + field, From: from, To: to})
		}
	}
	compare("protocol", string(have.Protocol), string(want.Protocol))
	compare("port", have.Port, want.Port)
	compare("path", have.Path, want.Path)
	compare("status", have.Status, want.Status)
	compare("interval", have.Interval.String(), want.Interval.String())
	compare("timeout", have.Timeout.String(), want.Timeout.String())
	compare("healthy threshold", strconv.Itoa(int(have.Healthy)), strconv.Itoa(int(want.Healthy)))
	compare("unhealthy threshold", strconv.Itoa(int(have.Unhealthy)), strconv.Itoa(int(want.Unhealthy)))
	return changes
}

// modification is the call that sets all of it, for any target group.
func (h HealthCheck) modification() *elb.ModifyTargetGroupInput {
	h = h.complete()
	return &elb.ModifyTargetGroupInput{
		HealthCheckProtocol:        h.Protocol,
		HealthCheckPort:            aws.String(h.Port),
		HealthCheckPath:            aws.String(h.Path),
		HealthCheckIntervalSeconds: aws.Int32(int32(h.Interval.Seconds())),
		HealthCheckTimeoutSeconds:  aws.Int32(int32(h.Timeout.Seconds())),
		HealthyThresholdCount:      aws.Int32(h.Healthy),
		UnhealthyThresholdCount:    aws.Int32(h.Unhealthy),
		Matcher:                    &types.Matcher{HttpCode: aws.String(h.Status)},
	}
}

func observeHealthCheck(group types.TargetGroup) HealthCheck {
	h := HealthCheck{
		Path:      aws.ToString(group.HealthCheckPath),
		Interval:  time.Duration(aws.ToInt32(group.HealthCheckIntervalSeconds)) * time.Second,
		Timeout:   time.Duration(aws.ToInt32(group.HealthCheckTimeoutSeconds)) * time.Second,
		Healthy:   aws.ToInt32(group.HealthyThresholdCount),
		Unhealthy: aws.ToInt32(group.UnhealthyThresholdCount),
		Protocol:  group.HealthCheckProtocol,
		Port:      aws.ToString(group.HealthCheckPort),
	}
	if group.Matcher != nil {
		h.Status = aws.ToString(group.Matcher.HttpCode)
	}
	return h
}
