package cloud

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// PlainHTTPError reports that a call would go to another machine without TLS: an attacker on the way could read the
// session token and the state, and answer in AWS's name. The endpoint can come from a flag, a variable or a profile.
type PlainHTTPError struct{ Host string }

func (e *PlainHTTPError) Error() string {
	return fmt.Sprintf("the endpoint http://%s is on another machine and has no TLS: no call was sent there", e.Host)
}

// NextStep implements ending.Advisor.
func (*PlainHTTPError) NextStep() string {
	return "use https://, or an endpoint on 127.0.0.1; --insecure-endpoint sends the calls all the same"
}

// onlyTLS sends calls without TLS to this machine only.
type onlyTLS struct{ aws.HTTPClient }

// Do implements [aws.HTTPClient].
func (c onlyTLS) Do(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && !isThisMachine(req.URL.Hostname()) {
		return nil, &PlainHTTPError{req.URL.Host}
	}
	return c.HTTPClient.Do(req)
}

// isThisMachine decides without DNS, which an attacker on the way could answer. RFC 6761 reserves names below localhost
// for this machine.
func isThisMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
