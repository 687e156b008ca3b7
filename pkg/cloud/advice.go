package cloud

import (
	"errors"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// advice is the next step for AWS's error codes that people meet most.
var advice = map[string]string{
	"ExpiredToken":                 "log in again (`aws sso login`, or new credentials) and run the command again; it goes on where it ended",
	"ExpiredTokenException":        "log in again (`aws sso login`, or new credentials) and run the command again; it goes on where it ended",
	"RequestExpired":               "log in again, and check that this machine's clock is right; then run the command again",
	"InvalidClientTokenId":         "these credentials are not valid: check the profile and AWS_ACCESS_KEY_ID; a region that is not opted in answers so too",
	"UnrecognizedClientException":  "these credentials are not valid: check the profile and AWS_ACCESS_KEY_ID; a region that is not opted in answers so too",
	"SignatureDoesNotMatch":        "check the secret key, and that this machine's clock is right",
	"AuthFailure":                  "check the credentials, that this machine's clock is right, and that the account has opted in to the region",
	"RequestTimeTooSkewed":         "set this machine's clock",
	"OptInRequired":                "opt in to the region: AWS console, Account, AWS Regions; or leave it out of --regions",
	"UnauthorizedOperation":        "the role lacks this permission: use the role that may apply, or add the action to its policy",
	"AccessDenied":                 "the role lacks this permission: use the role that may apply, or add the action to its policy",
	"AccessDeniedException":        "the role lacks this permission: use the role that may apply, or add the action to its policy",
	"VpcLimitExceeded":             "delete a VPC, or raise the quota \"VPCs per Region\" (L-F678F1CE) in Service Quotas; then run the command again",
	"AddressLimitExceeded":         "release an elastic IP, raise the quota \"EC2-VPC Elastic IPs\" (L-0263D0A3), or set network.nat to single",
	"NatGatewayLimitExceeded":      "raise the quota \"NAT gateways per Availability Zone\" (L-FE5A380F), or set network.nat to single",
	"InternetGatewayLimitExceeded": "raise the quota \"Internet gateways per Region\" (L-A4707A72)",
	"TooManyLoadBalancers":         "raise the quota \"Application Load Balancers per Region\" (L-53DA6B97)",
	"VcpuLimitExceeded":            "raise the quota \"Running On-Demand Standard instances\" (L-1216C47A)",
	"InsufficientInstanceCapacity": "AWS has no capacity of this instance type there now: choose another type or wait",
	"Unsupported":                  "choose an instance type that the region's zones offer",
	"ParameterNotFound":            "the AMI's public parameter does not exist in this region: set compute.ami",
	"IdempotentParameterMismatch":  "the settings were changed since a run died: put them back for one run, then change them",
	"InvalidVpcID.NotFound":        "run the command again; if it stays, `provision status` shows what is missing",
	"RequestLimitExceeded":         "AWS throttles the account's calls: run the command again later, or with --parallelism 4",
	"ThrottlingException":          "AWS throttles the account's calls: run the command again later, or with --parallelism 4",
	"NotImplemented":               "this endpoint lacks the call; the built-in sandbox (--sandbox) has it",
}

// Advice is what to do about an AWS error, as a clause; empty where we do not know.
func Advice(err error) string {
	if text, ok := advice[Code(err)]; ok {
		return text
	}
	text := ""
	if err != nil {
		text = err.Error()
	}
	switch {
	case strings.Contains(text, "InvalidGrantException"), strings.Contains(text, "token has expired"):
		return "log in again: `aws sso login --profile NAME`"
	case strings.Contains(text, "get credentials"), strings.Contains(text, "failed to refresh cached credentials"):
		return "give credentials: `aws sso login` and --profile NAME, or try it without an account: --sandbox"
	case strings.Contains(text, "failed to get shared config profile"):
		return "check --profile and ~/.aws/config"
	case strings.Contains(text, "no such host"):
		return "check the name of the endpoint, DNS, and HTTPS_PROXY"
	case strings.Contains(text, "proxyconnect"):
		return "check HTTPS_PROXY and NO_PROXY"
	case strings.Contains(text, "x509:"):
		return "something between here and AWS answers with its own certificate: set AWS_CA_BUNDLE"
	}
	if _, unsent := errors.AsType[*smithyhttp.RequestSendError](err); unsent {
		return "check the network and --endpoint-url"
	}
	if _, isAPI := errors.AsType[smithy.APIError](err); isAPI {
		return "run the command again; if it stays, the error code above is AWS's"
	}
	return ""
}
