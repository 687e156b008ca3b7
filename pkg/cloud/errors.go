package cloud

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
)

// Code is the AWS error code of err, or empty.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// notFound are each service's codes for a thing that does not exist, under the name that the SDK has for the service. They are
// matched whole: the same ending can be about something else, as in S3's KMS.NotFoundException, which an object that exists
// answers with.
var notFound = map[string][]string{
	"EC2": {
		"Gateway.NotAttached", // the attachment is what is not there
		"InvalidAMIID.NotFound", "InvalidAddress.NotFound", "InvalidAllocationID.NotFound", "InvalidAssociationID.NotFound",
		"InvalidCarrierGatewayID.NotFound", "InvalidDhcpOptionID.NotFound", "InvalidEgressOnlyInternetGatewayId.NotFound",
		"InvalidFlowLogId.NotFound", "InvalidGatewayID.NotFound", "InvalidGroup.NotFound", "InvalidInstanceID.NotFound",
		"InvalidInternetGatewayID.NotFound", "InvalidKeyPair.NotFound", "InvalidLaunchTemplateId.NotFound",
		"InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.NotFoundException",
		"InvalidNatGatewayID.NotFound", "InvalidNetworkAclID.NotFound", "InvalidNetworkInterfaceID.NotFound",
		"InvalidPermission.NotFound", "InvalidPrefixListID.NotFound", "InvalidPrefixListId.NotFound", "InvalidRoute.NotFound",
		"InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound", "InvalidSecurityGroupID.NotFound",
		"InvalidSecurityGroupRuleId.NotFound", "InvalidSnapshot.NotFound", "InvalidSubnetID.NotFound",
		"InvalidSubnetId.NotFound", "InvalidVolume.NotFound", "InvalidVpcEndpointId.NotFound",
		"InvalidVpcID.NotFound", "InvalidVpcId.NotFound", "InvalidVpcPeeringConnectionID.NotFound", "InvalidVpnGatewayID.NotFound",
		"NatGatewayNotFound",
	},
	"Elastic Load Balancing v2": {
		"ListenerNotFound", "LoadBalancerNotFound", "RuleNotFound", "TargetGroupNotFound",
	},
	"Auto Scaling":   {"ActiveInstanceRefreshNotFound"},
	"IAM":            {"NoSuchEntity", "NoSuchEntityException"},
	"S3":             {"NoSuchBucket", "NoSuchKey", "NoSuchVersion"},
	"SSM":            {"ParameterNotFound"},
	"Service Quotas": {"NoSuchResourceException"},

	"ACM":                {"ResourceNotFoundException"},
	"CloudWatch":         {"ResourceNotFound", "ResourceNotFoundException"},
	"CloudWatch Logs":    {"ResourceNotFoundException"},
	"Global Accelerator": {"AcceleratorNotFoundException", "EndpointGroupNotFoundException", "ListenerNotFoundException"},
	"KMS":                {"NotFoundException"},
	"Route 53":           {"NoSuchHealthCheck", "NoSuchHostedZone"},
	"WAFV2":              {"WAFNonexistentItemException"},
}

// IsNotFound says whether AWS answered that the thing that the call is about does not exist. EC2's codes are irregular; see
// "Error codes for the Amazon EC2 API".
func IsNotFound(err error) bool {
	code := Code(err)
	if code == "" {
		return false
	}
	if call, ok := errors.AsType[*smithy.OperationError](err); ok {
		return slices.Contains(notFound[call.Service()], code)
	}
	for _, codes := range notFound { // one of this program's own, which no service answered
		if slices.Contains(codes, code) {
			return true
		}
	}
	return false
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
