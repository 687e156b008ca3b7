package cloud

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
)

// Code is the AWS error code of err, or empty.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// Codes that say "not there" without the usual ".NotFound" ending or beside it.
var notFound = map[string]bool{
	"NatGatewayNotFound":                          true,
	"LoadBalancerNotFound":                        true,
	"TargetGroupNotFound":                         true,
	"ListenerNotFound":                            true,
	"NoSuchResourceException":                     true, // Service Quotas'
	"NoSuchEntity":                                true,
	"NoSuchEntityException":                       true,
	"ParameterNotFound":                           true,
	"NoSuchKey":                                   true,
	"NoSuchBucket":                                true,
	"InvalidRouteTableID.NotFound":                true,
	"InvalidLaunchTemplateName.NotFoundException": true,
	"InvalidLaunchTemplateId.NotFound":            true,
	"InvalidLaunchTemplateId.VersionNotFound":     true,
	"Gateway.NotAttached":                         true, // the attachment is what is not there
}

// IsNotFound says whether AWS answered that the thing does not exist. EC2's codes are irregular; see "Error codes for
// the Amazon EC2 API".
func IsNotFound(err error) bool {
	code := Code(err)
	return notFound[code] || strings.HasSuffix(code, ".NotFound") || strings.HasSuffix(code, "NotFoundException")
}

// IgnoreNotFound is err, or nil if err says that the thing does not exist.
func IgnoreNotFound(err error) error {
	if IsNotFound(err) {
		return nil
	}
	return err
}

// IsDenied says whether AWS refused a call because the caller's policies do not allow it.
func IsDenied(err error) bool {
	switch Code(err) {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation":
		return true
	}
	return false
}
