package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"provision/pkg/sandbox"
)

// A web page in a browser of this machine reaches 127.0.0.1, and must not reach the sandbox there.
func TestForThisMachine(t *testing.T) {
	reached := http.StatusTeapot
	guarded := sandbox.ForThisMachine(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(reached) }))
	for _, c := range []struct {
		host, origin string
		want         int
	}{
		{host: "127.0.0.1:4570", want: reached},
		{host: "127.0.0.2", want: reached},
		{host: "[::1]:4570", want: reached},
		{host: "[::1]", want: reached},
		{host: "localhost:4570", want: reached},
		{host: "LocalHost", want: reached},
		{host: "bucket.localhost:4570", want: reached},
		{host: "ec2.eu-west-1.amazonaws.com", want: reached},
		{host: "web-1.eu-west-1.elb.amazonaws.com", want: reached},
		{host: "web-1.eu-west-1.elb.amazonaws.com", origin: "http://web-1.eu-west-1.elb.amazonaws.com", want: reached},
		{host: "evil.example:4570", want: http.StatusMisdirectedRequest},
		{host: "127.0.0.1.evil.example", want: http.StatusMisdirectedRequest},
		{host: "notlocalhost", want: http.StatusMisdirectedRequest},
		{host: "evilamazonaws.com", want: http.StatusMisdirectedRequest},
		{host: "10.0.0.1:4570", want: http.StatusMisdirectedRequest},
		{host: "127.0.0.1:4570", origin: "https://evil.example", want: http.StatusForbidden},
		{host: "localhost:4570", origin: "null", want: http.StatusForbidden},
	} {
		req := httptest.NewRequest(http.MethodPost, "/", nil)
		req.Host = c.host
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		answer := httptest.NewRecorder()
		guarded.ServeHTTP(answer, req)
		if answer.Code != c.want {
			t.Errorf("host %q, origin %q: %d instead of %d", c.host, c.origin, answer.Code, c.want)
		}
	}
}
