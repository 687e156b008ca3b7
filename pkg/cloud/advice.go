package cloud

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"provision/pkg/graph"
)

// advised is a next step for refusals that have one of the codes. Where a code means several things, the operation that was
// refused or AWS's words tell which.
type advised struct {
	codes      []string
	next       string
	operations []string // empty: all
	words      string   // of the message; empty: any
}

// otherZone is for what AWS refuses in a zone that it constrains.
const otherZone = "add the ID of that zone to network.avoid_zones, for the region under `overrides`, and run the command again: the stack " +
	"takes the next zone; `aws ec2 describe-availability-zones` shows the IDs"

// advice is the next step for AWS's error codes that people meet most, the special ones of a code before the general one.
var advice = []advised{
	{
		codes: denials, words: "Encoded authorization failure message",
		next: "`aws sts decode-authorization-message --encoded-message TEXT` tells which policy refuses it; use the role that may do " +
			"this, or add the action to its policy",
	},
	{
		codes: denials, words: "explicit deny",
		next: "a policy denies it explicitly, which no permission outweighs: ask who keeps the organisation's service control " +
			"policies, or the policy that AWS names",
	},
	{
		codes: []string{"OperationNotPermitted"}, words: "does not support creating load balancers",
		next: "ask AWS Support to enable load balancers: AWS restricts some accounts, mostly new ones",
	},
	{
		codes: []string{"OperationNotPermitted"}, operations: []string{"DeleteLoadBalancer"}, words: "deletion protection",
		next: "the load balancer is protected from deletion: turn its deletion protection off, if that is right, and run the command again",
	},
	{
		codes: []string{"ResourceInUse"}, operations: []string{"DeleteLoadBalancer"}, words: "associated with another service",
		next: "remove it there first (AWS Global Accelerator, API Gateway, VPC endpoint services), then run the command again",
	},
	{
		codes: []string{"ResourceInUse"}, operations: []string{"DeleteAutoScalingGroup"}, words: "deletion protection",
		next: "the group is protected from deletion: `aws autoscaling update-auto-scaling-group --deletion-protection none`, if that is right",
	},
	{
		codes: []string{"CertificateNotFound"},
		next:  "set lb.certificate to a certificate that exists in the same region and account: `aws acm list-certificates`",
	},
	{
		codes: []string{"UnsupportedCertificate"},
		next: "`aws acm describe-certificate` shows whether the certificate is issued, and of which key it is: load balancers take issued ones of " +
			"RSA 1024 to 4096 or ECDSA only",
	},
	{
		codes: []string{"VpcEndpointLimitExceeded"},
		next:  "raise the quota \"Interface VPC endpoints per VPC\" (L-29B6F2EB), or set endpoints.ssm to none",
	},
	{codes: []string{"NotAvailableInZone"}, next: otherZone},
	{codes: []string{"ValidationError"}, words: "cannot be associated with a load balancer", next: otherZone},
	{codes: []string{"InvalidParameterValue"}, operations: []string{"CreateSubnet"}, words: "Subnets can currently only be created", next: otherZone},
	{
		codes: []string{"InsufficientAddressCapacity"},
		next:  "run the command again later: AWS has no free address in the region now; or set network.nat to single or none",
	},
	{
		codes: []string{"InvalidAddress.Locked"},
		next: "`aws ec2 reset-address-attribute --attribute domain-name --allocation-id ID` removes the address's reverse DNS record, which " +
			"locks it; AWS Support unlocks it otherwise",
	},
	{
		codes: []string{"TagPolicyViolation"},
		next:  "set `tags` to what the organisation's tag policy allows: `aws organizations describe-effective-policy --policy-type TAG_POLICY`",
	},
	{
		codes: []string{"InvalidServiceName"}, operations: []string{"CreateVpcEndpoint"},
		next: "set endpoints.ssm or endpoints.s3 to none for the region under `overrides`: the region does not have that endpoint service",
	},
	{
		codes: []string{"RouteAlreadyExists"}, operations: []string{"CreateVpcEndpoint", "ModifyVpcEndpoint"},
		next: "remove the other gateway endpoint whose routes are in these tables, or set endpoints.s3 to none",
	},
	{
		codes: []string{"InvalidParameter"}, operations: []string{"CreateVpcEndpoint", "ModifyVpcEndpoint"}, words: "conflicting DNS domain",
		next: "remove the other endpoint that has the service's private name in this VPC, or set endpoints.ssm to none",
	},
	{
		codes: []string{"LimitExceeded"}, operations: []string{"CreateRole", "CreateInstanceProfile", "AttachRolePolicy"},
		next: "delete unused roles or instance profiles, or raise IAM's quota in Service Quotas (us-east-1)",
	},
	{
		codes: []string{"LimitExceeded"}, operations: []string{"CreateAutoScalingGroup"},
		next: "raise the quota \"Auto Scaling groups per region\" (L-CDE20ADC)",
	},
	{codes: []string{"TooManyTargetGroups"}, next: "raise the quota \"Target Groups per Region\" (L-B22855CB)"},
	{
		codes: []string{"ValidationError", "AccessDenied", "UnauthorizedOperation"}, words: "iam:PassRole",
		next: "let the caller pass the stack's role (iam:PassRole); `provision iam apply-policy` prints a policy that does",
	},
	{
		codes: []string{"Unsupported"}, operations: []string{"RunInstances", "CreateAutoScalingGroup"},
		next: "choose an instance type that the region's zones offer",
	},
	{
		codes: []string{"ExpiredToken", "ExpiredTokenException"},
		next:  "log in again (`aws sso login`, or new credentials) and run the command again; it resumes where it stopped",
	},
	{
		codes: []string{"InvalidClientTokenId", "UnrecognizedClientException"},
		next:  "check the profile and AWS_ACCESS_KEY_ID; a region that the account has not opted in to answers so too",
	},
	{
		codes: []string{"AuthFailure", "SignatureDoesNotMatch"},
		next:  "check the credentials, this machine's clock, and that the account has opted in to the region",
	},
	{
		codes: []string{"RequestExpired"},
		next: "log in again (`aws sso login`, or new credentials) and run the command again; if that doesn't help, set this " +
			"machine's clock",
	},
	{codes: []string{"RequestTimeTooSkewed", "InvalidSignatureException"}, next: "set this machine's clock, then run the command again"},
	{codes: []string{"OptInRequired"}, next: "opt in to the region (AWS console, Account, AWS Regions), or leave it out of --regions"},
	{
		codes: denials,
		next:  "use the role that may do this, or add the action to its policy",
	},
	{
		codes: []string{"VpcLimitExceeded"},
		next:  "delete a VPC, or raise the quota \"VPCs per Region\" (L-F678F1CE) in Service Quotas",
	},
	{
		codes: []string{"AddressLimitExceeded"},
		next:  "release an elastic IP, raise the quota \"EC2-VPC Elastic IPs\" (L-0263D0A3), or set network.nat to single or none",
	},
	{
		codes: []string{"NatGatewayLimitExceeded"},
		next:  "raise the quota \"NAT gateways per Availability Zone\" (L-FE5A380F), or set network.nat to single",
	},
	{codes: []string{"InternetGatewayLimitExceeded"}, next: "raise the quota \"Internet gateways per Region\" (L-A4707A72)"},
	{codes: []string{"TooManyLoadBalancers"}, next: "raise the quota \"Application Load Balancers per Region\" (L-53DA6B97)"},
	{codes: []string{"VcpuLimitExceeded"}, next: "raise the quota \"Running On-Demand Standard instances\" (L-1216C47A)"},
	{codes: []string{"InsufficientInstanceCapacity"}, next: "choose another instance type, or wait until AWS has capacity of this one"},
	{
		codes: []string{"ParameterNotFound"},
		next:  "set compute.ami: that parameter does not exist in this region, and `overrides` can name another image for it",
	},
	{
		codes: []string{"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"},
		next:  "set compute.ami to an image of this region that the account may use; `overrides` can name one for each region",
	},
	{
		codes: []string{"DuplicateLoadBalancerName", "DuplicateTargetGroupName", "EntityAlreadyExists", "AlreadyExists"},
		next:  "choose another stack with --name, or delete the other resource with that name if it is yours",
	},
	{
		codes: []string{"BucketAlreadyExists"},
		next:  "choose another name: all AWS accounts share the names of buckets, and another account has this one",
	},
	{
		codes: []string{"IdempotentParameterMismatch"},
		next:  "put the settings back for one run, then change them: they were changed since a run died",
	},
	{
		codes: slices.Collect(throttles),
		next:  "run the command again later, or with --parallelism 4: AWS throttles the account's calls",
	},
	{
		codes: []string{"KMS.NotFoundException", "KMS.DisabledException", "KMS.InvalidStateException", "KMS.KMSInvalidStateException"},
		next: "enable the KMS key that the object is encrypted with, or cancel its deletion: without it the object can't be read; " +
			"for new objects set state.kms_key to a key that is enabled",
	},
	{
		codes: []string{"KMS.InvalidKeyUsageException", "KMS.UnsupportedOperationException"},
		next:  "set state.kms_key to a symmetric key for encryption in the bucket's region",
	},
	{
		codes: []string{"NotFoundException"}, operations: []string{"Sign"},
		next: "pass --sign kms:KEY with a key of this account: in the stack's first region, or its whole ARN; `aws kms list-aliases` names them",
	},
	{
		codes: []string{"DisabledException", "KMSInvalidStateException"}, operations: []string{"Sign"},
		next: "enable the key (`aws kms enable-key`), or cancel its deletion, or sign with another one",
	},
	{
		codes: []string{"InvalidKeyUsageException", "UnsupportedOperationException"}, operations: []string{"Sign"},
		next: "sign with a key of the spec ECC_NIST_P256: `aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY`",
	},
	{codes: []string{"NotImplemented"}, next: "use the built-in sandbox (--sandbox), which supports the call that this endpoint lacks"},
}

// denials are the codes of calls that a policy refuses.
var denials = []string{"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Forbidden"}

// keyNext is about accounts whose volumes are encrypted by a key of their own (Auto Scaling user guide, "Required AWS KMS key
// policy for use with encrypted volumes").
const keyNext = "let the role AWSServiceRoleForAutoScaling use the key that the account's volumes are encrypted with, in its policy"

// Advice is what to do about an AWS error, as a clause; empty where we do not know.
func Advice(err error) string {
	if next := adviceOnBucket(err); next != "" {
		return next
	}
	if next := adviceForAPI(err); next != "" {
		return next
	}
	if next := adviceByText(err); next != "" {
		return next
	}
	if _, unsent := errors.AsType[*smithyhttp.RequestSendError](err); unsent {
		return "check the network, the firewall, HTTPS_PROXY and --endpoint-url, and run the command again"
	}
	if api, isAPI := errors.AsType[smithy.APIError](err); isAPI && api.ErrorFault() == smithy.FaultClient && Classify(err) == graph.Fatal {
		return "correct what AWS's message names: it refuses the same call again; the error code above is AWS's"
	} else if isAPI {
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

func adviceForAPI(err error) string {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return ""
	}
	operation := ""
	if call, ok := errors.AsType[*smithy.OperationError](err); ok {
		operation = call.OperationName
	}
	for _, a := range advice {
		if a.fits(api.ErrorCode(), operation, api.ErrorMessage()) {
			return a.next
		}
	}
	return ""
}

func (a advised) fits(code, operation, message string) bool {
	return slices.Contains(a.codes, code) &&
		(len(a.operations) == 0 || slices.Contains(a.operations, operation)) &&
		strings.Contains(strings.ToLower(message), strings.ToLower(a.words))
}

// AdviceFor is what to do about AWS's error code, for who knows beforehand that it will come; none where the code alone
// does not tell.
func AdviceFor(code string) string {
	for _, a := range advice {
		if len(a.operations) == 0 && a.words == "" && slices.Contains(a.codes, code) {
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
		{"fips", "unset AWS_USE_FIPS_ENDPOINT, or leave the region out: not every service has a FIPS endpoint in every region"},
		{"dualstack", "unset AWS_USE_DUALSTACK_ENDPOINT, or leave the region out: not every service has a dual-stack endpoint everywhere"},
		{"assume role with MFA enabled", "get a session first, with `aws sts get-session-token --serial-number ARN --token-code CODE`, or " +
			"use a profile without MFA: this program does not ask for codes"},
		{"get credentials", "`aws sso login` and --profile NAME provide credentials; --sandbox needs no account"},
		{"failed to refresh cached credentials", "`aws sso login` and --profile NAME provide credentials"},
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
