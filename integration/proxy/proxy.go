package proxy

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Proxy is a running proxy on a loopback port.
type Proxy struct {
	URL string // to be used as the AWS endpoint

	target *httputil.ReverseProxy
	began  time.Time

	mu      sync.Mutex
	calls   []*Call
	faults  []*pending
	latency time.Duration
}

// connections is above what any test has in flight: AWS has no such limit.
const connections = 1000

// New starts a proxy before the endpoint. It ends with the test.
func New(tb testing.TB, endpoint string) *Proxy {
	tb.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		tb.Fatalf("proxy before %q: %v", endpoint, err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	p := &Proxy{began: time.Now()}
	p.target = &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // which the signature covers
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // an endpoint that can't be reached stays one
		},
	}
	server := httptest.NewServer(p)
	tb.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Calls returns the calls since the start, or the last [Proxy.Reset].
func (p *Proxy) Calls() Calls {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := make(Calls, len(p.calls))
	for i, call := range p.calls {
		calls[i] = *call
	}
	return calls
}

// Reset forgets calls and faults.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.faults = nil, nil
}

// Inject adds a fault. The first that strikes a call is what happens to it.
func (p *Proxy) Inject(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, &pending{Fault: f})
}

// SetLatency delays each call by so much before it is forwarded, as a distant region does.
func (p *Proxy) SetLatency(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency = d
}

// ServeHTTP implements [http.Handler].
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller has gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	call, fault, latency := p.arrive(parse(r, body))
	answer := &answer{ResponseWriter: w}
	defer func() { p.leave(call, answer.status) }()

	if !pause(r.Context(), latency) {
		return
	}
	if fault == nil {
		p.target.ServeHTTP(answer, r)
		return
	}
	p.strike(answer, r, *call, fault)
}

func (p *Proxy) strike(w http.ResponseWriter, r *http.Request, c Call, fault *Fault) {
	switch fault.Mode {
	case Refuse:
		fault.then()
		refuse(w, r, c, fault.status(), fault.code())
	case DropRequest:
		fault.then()
		panic(http.ErrAbortHandler)
	case LoseAnswer:
		// The client may leave before the answer; AWS executes the call all the same.
		p.target.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		fault.then()
		panic(http.ErrAbortHandler)
	case Pass:
		fault.then()
		p.target.ServeHTTP(w, r)
	}
}

func (p *Proxy) arrive(c Call) (*Call, *Fault, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.Number, c.Begin = len(p.calls)+1, time.Since(p.began)
	p.calls = append(p.calls, &c)
	for _, fault := range p.faults {
		if fault.strikes(c) {
			return &c, &fault.Fault, p.latency
		}
	}
	return &c, nil, p.latency
}

func (p *Proxy) leave(c *Call, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.Status, c.End = status, time.Since(p.began)
}

// answer notes the status of what is written.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] through.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
