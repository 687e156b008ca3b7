package sandbox

import (
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"

	"provision/pkg/clock"
	"provision/pkg/sandbox/wire"
)

// The load balancers answer requests for their DNS names as AWS's do, and the web servers behind them. Without a
// connection the error is of the kind that a dialer returns.

func webArea(reg *registry) { reg.web = (*Sandbox).browse }

// browse answers a request from the internet to a load balancer.
func (s *Sandbox) browse(req *http.Request) (*wire.Reply, error) {
	name, port := webAddress(req)
	for _, a := range s.allAccounts() {
		if r, done, err := a.browse(req, name, port, s.clock); done {
			return r, err
		}
	}
	return nil, noHost(name)
}

func (s *Sandbox) allAccounts() []*account {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*account, 0, len(s.accounts))
	for _, a := range s.accounts {
		out = append(out, a)
	}
	return out
}

// webAddress is the host and port that a request is for.
func webAddress(req *http.Request) (name string, port int) {
	host := strings.ToLower(req.Host)
	name, text, err := net.SplitHostPort(host)
	if err != nil {
		name, text = host, ""
	}
	if port, err = strconv.Atoi(text); err == nil {
		return name, port
	}
	if encrypted(req) {
		return name, https
	}
	return name, 80
}

func encrypted(req *http.Request) bool { return req.TLS != nil || req.URL.Scheme == "https" }

// browse answers if a load balancer of the account has that name.
func (a *account) browse(req *http.Request, name string, port int, clock clock.Clock) (r *wire.Reply, done bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, at := range a.regions {
		if !strings.HasSuffix(name, "."+at.name+loadBalancers) {
			continue
		}
		at.settle(clock.Now())
		for lb := range loadBalancerKind.all(at) {
			if strings.ToLower(lb.DNSName) == name && !lb.Active.IsZero() {
				r, err = at.receive(req, lb, port)
				return r, true, err
			}
		}
	}
	return nil, false, nil
}

// receive is a request that has found its load balancer.
func (r *region) receive(req *http.Request, lb *loadBalancer, port int) (*wire.Reply, error) {
	if !r.public(lb, port) {
		return nil, dialing(os.ErrDeadlineExceeded)
	}
	l := listenerOn(r, lb.ARN, port)
	if l == nil {
		return nil, dialing(syscall.ECONNREFUSED)
	}
	if (l.Protocol == "HTTPS") != encrypted(req) {
		return balancerPage(http.StatusBadRequest), nil
	}
	switch does := l.Actions[0]; {
	case does.Redirect != nil:
		return does.Redirect.answer(req, port), nil
	case does.Fixed != nil:
		return does.Fixed.answer(), nil
	default:
		return r.forward(req, does.Forward), nil
	}
}

// forward sends a request to the first target that is healthy.
func (r *region) forward(req *http.Request, to *forward) *wire.Reply {
	for _, weighted := range to.Groups {
		g := targetGroups.get(r, weighted.ARN)
		if g == nil || weighted.Weight == 0 {
			continue
		}
		for _, t := range g.Targets {
			if r.health(g, t).State == targetHealthy {
				return instances.get(r, t.ID).webPage(req)
			}
		}
	}
	return balancerPage(http.StatusServiceUnavailable)
}

func noHost(name string) error {
	return dialing(&net.DNSError{Err: "no such host", Name: name, IsNotFound: true})
}

func dialing(cause error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: cause} }
