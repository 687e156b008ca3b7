package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"provision/pkg/sandbox/wire"
)

// Fault is what happens to certain calls. See [ParseFault] for how it is written.
type Fault struct {
	Region, Service, Action string // each may have * in it
	Nth                     int    // only the nth matching call, from 1; 0 is every one
	mode                    mode
}

// mode is what a fault does to a call.
type mode struct {
	name          string
	code, message string // of modeCode
}

// The modes of a fault.
const (
	modeBefore   = "before"        // the connection is cut before there was an effect
	modeAfter    = "after-effect"  // the effect is there, the answer is a 500
	modeLost     = "lost-response" // the effect is there, the connection is cut before the answer
	modeThrottle = "throttle"      // refused as one call too many
	mode5xx      = "5xx"           // refused by a fault of AWS's
	modeExpired  = "expired-token" // refused since the caller's credentials have expired
	modeSkew     = "clock-skew"    // refused since the caller's clock is wrong
	modeCode     = "code"          // refused with an error code: code=X or code=X,message=Y
)

var modes = map[string]bool{
	modeBefore: true, modeAfter: true, modeLost: true, modeThrottle: true, mode5xx: true, modeExpired: true,
	modeSkew: true,
}

// ParseFault reads region/service:Action#n/mode. Region, service and action may have * in them; n is which matching
// call it happens to, and * or a missing #n means each. The modes are before, after-effect, lost-response, throttle,
// 5xx, expired-token, clock-skew, code=X and code=X,message=Y.
//
// AWS's own later calls fail with code=X as well: ec2:RunInstances by Auto Scaling, ec2:InstanceRunning of an instance that
// was launched, ec2:NatGatewayAvailable, elasticloadbalancing:LoadBalancerActive.
//
// Examples: us-east-1/ec2:CreateVpc#1/lost-response, */*:*/throttle, eu-*/ec2:AllocateAddress#2/code=AuthFailure.
func ParseFault(text string) (Fault, error) {
	region, rest, ok1 := strings.Cut(text, "/")
	address, how, ok2 := strings.Cut(rest, "/")
	service, action, ok3 := strings.Cut(address, ":")
	if !ok1 || !ok2 || !ok3 {
		return Fault{}, fmt.Errorf("fault %q is not of the form region/service:Action#n/mode", text)
	}
	action, nth, _ := strings.Cut(action, "#")
	f := Fault{Region: region, Service: service, Action: action}
	if nth != "" && nth != "*" {
		n, err := strconv.Atoi(nth)
		if err != nil || n < 1 {
			return Fault{}, fmt.Errorf("fault %q: %q is neither a number from 1 nor *", text, nth)
		}
		f.Nth = n
	}
	for _, pattern := range []string{region, service, action} {
		if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
			return Fault{}, fmt.Errorf("fault %q: %q is no pattern", text, pattern)
		}
	}
	var err error
	f.mode, err = parseMode(how)
	if err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	return f, nil
}

func parseMode(text string) (mode, error) {
	if rest, ok := strings.CutPrefix(text, modeCode+"="); ok && rest != "" {
		code, message, _ := strings.Cut(rest, ",message=")
		return mode{modeCode, code, message}, nil
	}
	if !modes[text] {
		return mode{}, fmt.Errorf("no mode %q; there are %s and %s=X", text,
			strings.Join(slices.Sorted(maps.Keys(modes)), ", "), modeCode)
	}
	return mode{name: text}, nil
}

// Chaos are the chances of drawn faults, each from 0 to 1. They are drawn from the seed, the call's name and how often
// it was called, so that the same seed hurts the same calls however goroutines interleave.
type Chaos struct {
	Throttle, ServerError, Before, LostResponse float64
}

// faults count the calls that match each fault.
type faults struct {
	mu     sync.Mutex
	list   []Fault
	seen   []int          // how many calls matched, by fault
	called map[string]int // how often, by name, for the draws
}

func newFaults(list []Fault) *faults {
	return &faults{list: list, seen: make([]int, len(list)), called: map[string]int{}}
}

// AddFaults adds faults to a running sandbox; they count calls from now on.
func (s *Sandbox) AddFaults(list ...Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, list...)
	s.faults.seen = append(s.faults.seen, make([]int, len(list))...)
}

// next is what is to happen to a call, nil for nothing.
func (f *faults) next(c *call, o Options) *mode {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 && o.Chaos == (Chaos{}) {
		return nil
	}
	var found *mode
	for i := range f.list {
		rule := &f.list[i]
		if !rule.matches(c) {
			continue
		}
		f.seen[i]++
		if found == nil && (rule.Nth == 0 || rule.Nth == f.seen[i]) {
			found = &rule.mode
		}
	}
	if found != nil {
		return found
	}
	return f.draw(c, o)
}

func (f *Fault) matches(c *call) bool {
	return like(f.Region, c.region.name) && like(f.Service, c.service) && like(f.Action, c.action)
}

// draw is a fault by chance.
func (f *faults) draw(c *call, o Options) *mode {
	name := c.region.name + "/" + c.service + ":" + c.action
	n := f.called[name]
	f.called[name]++
	chance := float64(mix(hash(name)^o.Seed+mix(uint64(n)))>>11) / (1 << 53)
	for _, choice := range []struct {
		share float64
		name  string
	}{
		{o.Chaos.Throttle, modeThrottle},
		{o.Chaos.ServerError, mode5xx},
		{o.Chaos.Before, modeBefore},
		{o.Chaos.LostResponse, modeLost},
	} {
		if chance < choice.share {
			return &mode{name: choice.name}
		}
		chance -= choice.share
	}
	return nil
}

// instead is what a fault answers in place of the call; nothing if the call is to have its effect.
func (m *mode) instead(c *call) (*wire.Reply, error) {
	if m == nil {
		return nil, nil
	}
	p := c.protocol()
	switch m.name {
	case modeBefore:
		return nil, errCut
	case modeThrottle:
		return c.failure(p.Throttled()), nil
	case mode5xx:
		return c.failure(unavailable()), nil
	case modeExpired:
		return c.failure(expired(c.service)), nil
	case modeSkew:
		r := c.failure(skewed(c.service))
		r.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
		return r, nil
	case modeCode:
		return c.failure(fail(m.code, "%s", orElse(m.message, "a fault that the sandbox was told to have"))), nil
	default:
		return nil, nil
	}
}

// afterwards is what becomes of the answer to a call that had its effect.
func (m *mode) afterwards(c *call, r *wire.Reply) (*wire.Reply, error) {
	switch {
	case m != nil && m.name == modeAfter:
		return c.failure(unavailable()), nil
	case m != nil && m.name == modeLost:
		return nil, errCut
	default:
		return r, nil
	}
}

// mishap is why one of AWS's own calls fails; nil if it does not.
func (r *region) mishap(service, action string) *mode {
	happens := r.account.sandbox.faults.next(&call{region: r, service: service, action: action}, Options{})
	if happens == nil || happens.code == "" {
		return nil
	}
	return happens
}

func unavailable() *Error {
	return wire.FailWith(http.StatusInternalServerError, "InternalError", "An internal error has occurred")
}

func expired(service string) *Error {
	switch service {
	case "ec2":
		return fail("RequestExpired", "Request has expired.")
	case "ssm", "servicequotas":
		return fail("ExpiredTokenException", "The security token included in the request is expired")
	default:
		return wire.FailWith(http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired")
	}
}

func skewed(service string) *Error {
	switch service {
	case "ssm", "servicequotas":
		return fail("InvalidSignatureException", "Signature expired: the request's time is too far from the service's")
	case "s3":
		return wire.FailWith(http.StatusForbidden,
			"RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
	default:
		return wire.FailWith(http.StatusForbidden,
			"SignatureDoesNotMatch", "Signature expired: the request's time is too far from the service's")
	}
}
