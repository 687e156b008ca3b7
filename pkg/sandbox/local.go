package sandbox

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// ForThisMachine lets only programs of this machine through to a served sandbox. A web page that a browser shows can
// send requests to 127.0.0.1, too: directly, with an Origin header, or under a name of its own whose address it
// changes afterwards (DNS rebinding), with that name in the Host header. Both are refused before they are read.
func ForThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case !hostOfThisMachine(req.Host):
			http.Error(w, "the sandbox answers to 127.0.0.1, localhost and AWS's own names, not to "+req.Host, http.StatusMisdirectedRequest)
		case req.Header.Get("Origin") != "" && !strings.HasSuffix(hostname(req.Host), loadBalancers):
			http.Error(w, "the sandbox does not answer web pages", http.StatusForbidden)
		default:
			next.ServeHTTP(w, req)
		}
	})
}

// awsDomains end the names of AWS's endpoints and load balancers, which no other party can register.
var awsDomains = []string{".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"}

// hostOfThisMachine reports whether a Host header names this machine or AWS. A bucket may be in front of localhost.
func hostOfThisMachine(host string) bool {
	name := hostname(host)
	if ip := net.ParseIP(strings.Trim(name, "[]")); ip != nil {
		return ip.IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") ||
		slices.ContainsFunc(awsDomains, func(domain string) bool { return strings.HasSuffix(name, domain) })
}

// hostname is a Host header without its port.
func hostname(host string) string {
	host = strings.ToLower(host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}
