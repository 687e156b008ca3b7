package lb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// FieldHealthPath is the change of the path that health checks ask for.
const FieldHealthPath = fieldHealthCheck + "path"

// Forwards says whether the listener sends requests to targets, and not elsewhere.
func (o ListenerState) Forwards() bool { return strings.HasPrefix(o.Action, "forward") }

// Scheme is "https" or "http", as the listener is asked.
func (o ListenerState) Scheme() string {
	if o.Protocol == types.ProtocolEnumHttps {
		return "https"
	}
	return "http"
}
