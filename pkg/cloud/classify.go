package cloud

import (
	"errors"
	"maps"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"provision/pkg/graph"
)

var classes = map[string]graph.Class{
	// Something of that name, address or token is there.
	"AlreadyExists":                                    graph.Exists,
	"EntityAlreadyExists":                              graph.Exists,
	"InvalidGroup.Duplicate":                           graph.Exists,
	"InvalidPermission.Duplicate":                      graph.Exists,
	"InvalidSubnet.Conflict":                           graph.Exists,
	"RouteAlreadyExists":                               graph.Exists,
	"Resource.AlreadyAssociated":                       graph.Exists,
	"InvalidLaunchTemplateName.AlreadyExistsException": graph.Exists,
	"DuplicateLoadBalancerName":                        graph.Exists,
	"DuplicateTargetGroupName":                         graph.Exists,
	"DuplicateListener":                                graph.Exists,
	"IdempotentParameterMismatch":                      graph.Exists,
	"FlowLogAlreadyExists":                             graph.Exists,
	"ResourceAlreadyExistsException":                   graph.Exists, // CloudWatch Logs'

	// Something depends on it.
	"DependencyViolation":       graph.Held,
	"ResourceInUse":             graph.Held,
	"ResourceInUseFault":        graph.Held,
	"InvalidIPAddress.InUse":    graph.Held,
	"DeleteConflict":            graph.Held,
	"ScalingActivityInProgress": graph.Held,

	// It is on its way.
	"InstanceRefreshInProgress": graph.NotYet,
	"SubnetNotFound":            graph.NotYet, // load balancing has not heard of it
	"InvalidSecurityGroup":      graph.NotYet,
	"IncorrectState":            graph.NotYet,
	"InvalidState":              graph.NotYet,
	"ResourceContention":        graph.NotYet,
	"ConcurrentAccess":          graph.NotYet,
	"ConcurrentModification":    graph.NotYet, // IAM's
	"OperationInProgress":       graph.NotYet,
	"PriorRequestNotComplete":   graph.NotYet,
	"OperationAbortedException": graph.NotYet, // CloudWatch Logs': another call changes the same log group
	"CertificateNotFound":       graph.NotYet, // load balancing has not heard of it, for up to five minutes
	"UnsupportedCertificate":    graph.NotYet, // or it is not issued yet

	// An emulator that does not know the call will not learn it.
	"NotImplemented": graph.Fatal,
}

// Classify says what an error of an AWS call means for the engine.
func Classify(err error) graph.Class {
	code := Code(err)
	class, known := classes[code]
	switch {
	case err == nil:
		return graph.Fatal
	case known:
		return class
	case IsThrottle(err):
		return graph.Throttled
	case IsNotFound(err):
		return graph.NotFound
	case unheard(err):
		return graph.NotYet
	case lost(err):
		return graph.Ambiguous
	}
	return graph.Fatal
}

// throttles are the codes of calls that were refused only because there were too many.
var throttles = maps.Keys(retry.DefaultThrottleErrorCodes)

// IsThrottle says whether AWS refused a call only because there were too many. Such a call had no effect.
func IsThrottle(err error) bool {
	_, throttled := retry.DefaultThrottleErrorCodes[Code(err)]
	return throttled
}

// lost says whether a call may have had its effect although it did not say so.
func lost(err error) bool {
	if _, sent := errors.AsType[*smithyhttp.RequestSendError](err); sent {
		return true
	}
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status := response.HTTPStatusCode()
		return status >= http.StatusInternalServerError && status != http.StatusNotImplemented
	}
	_, garbled := errors.AsType[*smithy.DeserializationError](err)
	return garbled
}
