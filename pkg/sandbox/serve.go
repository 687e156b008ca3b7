package sandbox

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"syscall"

	"provision/pkg/sandbox/s3"
	"provision/pkg/sandbox/wire"
)

// loadBalancers is how the host names of load balancers end.
const loadBalancers = ".elb.amazonaws.com"

// ServeHTTP implements [http.Handler]: it is the endpoint of every service in every region, and the load balancers.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r, err := s.answerAny(req)
	if err != nil {
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	maps.Copy(w.Header(), r.Header)
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Body) // the caller's loss: the effect is there all the same
}

// Do sends a request without a network. It satisfies what the SDK wants of an HTTP client.
func (s *Sandbox) Do(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, &url.Error{Op: req.Method, URL: req.URL.String(), Err: err}
	}
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	r, err := s.answerAny(req)
	if err != nil {
		return nil, &url.Error{Op: req.Method, URL: req.URL.String(), Err: err}
	}
	return r.Response(req), nil
}

// RoundTrip implements [http.RoundTripper], for clients that want to see the load balancers.
func (s *Sandbox) RoundTrip(req *http.Request) (*http.Response, error) { return s.Do(req) }

func (s *Sandbox) isWeb(req *http.Request) bool {
	host, _, _ := strings.Cut(req.Host, ":")
	return s.registry.web != nil && strings.HasSuffix(host, loadBalancers)
}

// answerAny answers what comes to a service or to a load balancer. An error means that there is no answer.
func (s *Sandbox) answerAny(req *http.Request) (*wire.Reply, error) {
	if s.isWeb(req) {
		return s.registry.web(s, req)
	}
	return s.answer(req)
}

// date tells the time at the service, which callers compare with their own.
func (s *Sandbox) date(service string, r *wire.Reply) {
	now := s.clock.Now()
	if service == "s3" {
		now = s3.Now()
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
}

// errCut is a connection that ends without an answer.
var errCut = fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, syscall.ECONNRESET)

// answer serves one call. An error means that the caller gets no answer, not that there was no effect.
func (s *Sandbox) answer(req *http.Request) (*wire.Reply, error) {
	c, bad := s.parse(req)
	if bad != nil {
		return c.failure(bad), nil
	}
	op := s.registry.operations[c.service+":"+c.action]
	record := s.calls.begin(c, op, s.clock.Now())
	if err := s.intercept(record, Before); err != nil {
		return nil, err
	}
	if err := s.travel(req); err != nil {
		return nil, err
	}
	fault := s.faults.next(c, s.options)
	r, err := s.act(c, op, fault)
	if err != nil {
		return nil, err
	}
	if err := s.travel(req); err != nil {
		return nil, err
	}
	s.calls.end(record, r)
	s.date(c.service, r)
	return r, s.intercept(record, After)
}

// act makes the call's effect, or the fault's.
func (s *Sandbox) act(c *call, op *operation, fault *mode) (*wire.Reply, error) {
	if r, err := fault.instead(c); r != nil || err != nil {
		return r, err
	}
	if s.options.Throttling && !s.limiters.take(c, op, s.clock.Now()) {
		return c.failure(c.protocol().Throttled()), nil
	}
	r, changed := c.serve(op)
	if !changed {
		s.settle()
	} else if err := s.save(); err != nil {
		return c.failure(internal("The sandbox can't save its state: %v", err)), nil
	}
	return fault.afterwards(c, r)
}

// serve runs the operation and writes its answer, with the account locked. It says whether there is something that
// must be saved before the answer goes out; that may be others' doing, and seen by this call.
func (c *call) serve(op *operation) (r *wire.Reply, changed bool) {
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	defer func() { changed = c.region.dirty || c.global.dirty }()
	defer func() {
		if cause := recover(); cause != nil {
			r = c.failure(internal("The sandbox panicked in %s:%s: %v\n%s",
				c.service, c.action, cause, debug.Stack()))
		}
	}()
	now := c.sandbox.clock.Now()
	c.global.settle(now)
	c.region.settle(now)
	out, err := c.perform(op)
	c.region.watch()
	if err != nil {
		var known *Error
		if !errors.As(err, &known) {
			known = internal("%v", err)
		}
		return c.failure(known), false
	}
	if ready, ok := out.(*wire.Reply); ok {
		return ready, false
	}
	return c.success(out), false
}

// perform is serve without what surrounds every call.
func (c *call) perform(op *operation) (any, error) {
	if op == nil {
		return nil, notImplemented("The sandbox does not implement %s:%s", c.service, c.action)
	}
	if err := c.authorize(); err != nil {
		return nil, err
	}
	if c.service == "ec2" && c.Flag("DryRun") {
		if op.is(mutates) {
			if err := c.rehearse(op, c.shape()); err != nil {
				return nil, err
			}
		}
		return nil, wire.FailWith(http.StatusPreconditionFailed,
			"DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
	}
	if op.is(mutates) {
		if err := c.unheard(); err != nil {
			return nil, err
		}
		c.region.touch()
		c.global.touch()
	}
	if op.is(tokened) && c.Str("ClientToken") != "" {
		return c.once(op)
	}
	return c.handle(op)
}

// travel takes half of a call's latency.
func (s *Sandbox) travel(req *http.Request) error {
	if s.options.Latency <= 0 {
		return nil
	}
	return s.clock.Sleep(req.Context(), s.options.Latency/2)
}

// requestID looks like AWS's.
func (s *Sandbox) requestID() string {
	n := s.requests.Add(1)
	a, b := mix(s.options.Seed^n), mix(^s.options.Seed^n)
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

func (s *Sandbox) intercept(call Call, at Moment) error {
	if s.options.Intercept == nil {
		return nil
	}
	return s.options.Intercept(call, at)
}
