package cloud

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// advice is the next step for AWS's error codes that people meet most.
var advice = []struct {
	codes []string
	next  string
}{
	{
		[]string{"ExpiredToken", "ExpiredTokenException"},
		"log in again (`aws sso login`, or new credentials) and run the command again; it goes on where it ended",
	},
	{
		[]string{"InvalidClientTokenId", "UnrecognizedClientException"},
		"check the profile and AWS_ACCESS_KEY_ID; a region that the account has not opted in to answers so too",
	},
	{
		[]string{"AuthFailure", "SignatureDoesNotMatch"},
		"check the credentials, this machine's clock, and that the account has opted in to the region",
	},
	{
		[]string{"RequestExpired"},
		"log in again (`aws sso login`, or new credentials) and run the command again; if that is no help, set this " +
			"machine's clock",
	},
	{[]string{"RequestTimeTooSkewed", "InvalidSignatureException"}, "set this machine's clock, then run the command again"},
	{[]string{"OptInRequired"}, "opt in to the region (AWS console, Account, AWS Regions), or leave it out of --regions"},
	{
		[]string{"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Forbidden"},
		"use the role that may do this, or add the action to its policy",
	},
	{
		[]string{"VpcLimitExceeded"},
		"delete a VPC, or raise the quota \"VPCs per Region\" (L-F678F1CE) in Service Quotas",
	},
	{
		[]string{"AddressLimitExceeded"},
		"release an elastic IP, raise the quota \"EC2-VPC Elastic IPs\" (L-0263D0A3), or set network.nat to single or none",
	},
	{
		[]string{"NatGatewayLimitExceeded"},
		"raise the quota \"NAT gateways per Availability Zone\" (L-FE5A380F), or set network.nat to single",
	},
	{[]string{"InternetGatewayLimitExceeded"}, "raise the quota \"Internet gateways per Region\" (L-A4707A72)"},
	{[]string{"TooManyLoadBalancers"}, "raise the quota \"Application Load Balancers per Region\" (L-53DA6B97)"},
	{[]string{"VcpuLimitExceeded"}, "raise the quota \"Running On-Demand Standard instances\" (L-1216C47A)"},
	{[]string{"InsufficientInstanceCapacity"}, "choose another instance type, or wait until AWS has capacity of this one"},
	{[]string{"Unsupported"}, "choose an instance type that the region's zones offer"},
	{
		[]string{"ParameterNotFound"},
		"set compute.ami: that parameter does not exist in this region, and `overrides` can name another image for it",
	},
	{
		[]string{"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"},
		"set compute.ami to an image of this region that the account may use; `overrides` can name one for each region",
	},
	{
		[]string{"OperationNotPermitted"},
		"somebody protects it from being deleted: turn its deletion protection off, if that is right, and run the command again",
	},
	{
		[]string{"DuplicateLoadBalancerName", "DuplicateTargetGroupName", "EntityAlreadyExists", "AlreadyExists"},
		"choose another stack with --name, or remove the other thing of that name if it is yours",
	},
	{
		[]string{"BucketAlreadyExists"},
		"choose another name: all AWS accounts share the names of buckets, and somebody has this one",
	},
	{
		[]string{"IdempotentParameterMismatch"},
		"put the settings back for one run, then change them: they were changed since a run died",
	},
	{
		slices.Collect(throttles),
		"run the command again later, or with --parallelism 4: AWS throttles the account's calls",
	},
	{
		[]string{"KMS.NotFoundException", "KMS.DisabledException", "KMS.InvalidStateException", "KMS.KMSInvalidStateException"},
		"enable the KMS key that the object is encrypted with, or cancel its deletion: without it nobody can read the object; " +
			"for new objects set state.kms_key to a key that is enabled",
	},
	{
		[]string{"KMS.InvalidKeyUsageException", "KMS.UnsupportedOperationException"},
		"set state.kms_key to a symmetric key for encryption in the bucket's region",
	},
	{[]string{"NotImplemented"}, "use the built-in sandbox (--sandbox), which has the call that this endpoint lacks"},
}

// keyNext is about accounts whose volumes are encrypted by a key of their own (Auto Scaling user guide, "Required AWS KMS key
// policy for use with encrypted volumes").
const keyNext = "let the role AWSServiceRoleForAutoScaling use the key that the account's volumes are encrypted with, in its policy"

// Advice is what to do about an AWS error, as a clause; empty where we do not know.
func Advice(err error) string {
	if next := adviceOnBucket(err); next != "" {
		return next
	}
	if next := AdviceFor(Code(err)); next != "" {
		return next
	}
	if next := adviceByText(err); next != "" {
		return next
	}
	if _, unsent := errors.AsType[*smithyhttp.RequestSendError](err); unsent {
		return "check the network, the firewall, HTTPS_PROXY and --endpoint-url, and run the command again"
	}
	if _, isAPI := errors.AsType[smithy.APIError](err); isAPI {
		return "run the command again; if it stays, the error code above is AWS's"
	}
	return ""
}

// adviceOnBucket is for what S3 refuses: its AccessDenied can be about the caller's policy, the bucket's, its owner, or the key
// that its objects are encrypted with.
func adviceOnBucket(err error) string {
	call, ok := errors.AsType[*smithy.OperationError](err)
	if !ok || call.Service() != "S3" || !IsDenied(err) {
		return ""
	}
	if strings.Contains(err.Error(), "kms:") || strings.Contains(err.Error(), "KMS key") {
		return "let the role use the bucket's KMS key (kms:Decrypt and kms:GenerateDataKey), in its own policy and in the key's"
	}
	return "use the role that may use the bucket; if it is another account's, set state.bucket_owner to that account"
}

// AdviceFor is what to do about AWS's error code, for who knows beforehand that it will come.
func AdviceFor(code string) string {
	for _, a := range advice {
		if slices.Contains(a.codes, code) {
			return a.next
		}
	}
	return ""
}

// adviceByText is for what has no code: it went wrong on this machine, or AWS tells of it in words only, such as why a
// group can't launch.
func adviceByText(err error) string {
	if err == nil {
		return ""
	}
	for _, a := range []struct{ text, next string }{
		{"InvalidGrantException", "log in again: `aws sso login --profile NAME`"},
		{"token has expired", "log in again: `aws sso login --profile NAME`"},
		{"SSO token", "log in: `aws sso login --profile NAME`"},
		{"get credentials", "`aws sso login` and --profile NAME give credentials; --sandbox goes without an account"},
		{"failed to refresh cached credentials", "`aws sso login` and --profile NAME give credentials"},
		{"failed to get shared config profile", "`aws configure list-profiles` lists the profiles of ~/.aws/config"},
		{"Proxy Authentication Required", "put user and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT"},
		{"no such host", "check the name of the endpoint, DNS, and HTTPS_PROXY"},
		{"not have sufficient", "choose another instance type for the region under `overrides`, or run the command again later"},
		{
			"does not support the availability zone of the subnet",
			"set endpoints.ssm to none, or network.azs to fewer zones, for this region under `overrides`",
		},
		{"InvalidKMSKey", keyNext},
		{"Client error on launch", keyNext},
		{"vCPU", "raise the quota \"Running On-Demand Standard instances\" (L-1216C47A), or choose a smaller instance type"},
		{"proxyconnect", "check HTTPS_PROXY and NO_PROXY"},
		{"x509:", "set AWS_CA_BUNDLE: something between here and AWS answers with its own certificate"},
	} {
		if strings.Contains(err.Error(), a.text) {
			return a.next
		}
	}
	return ""
}
