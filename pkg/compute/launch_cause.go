package compute

import (
	"fmt"
	"slices"
	"strings"
)

// launchCause is one of the reasons why a group's launches fail. Auto Scaling repeats launches whatever the reason is;
// whether that can help is what the table below tells.
type launchCause struct {
	words []string // of AWS's text, in lower case; one of them is in it
	next  string   // what a person has to do; empty for what passes
	wait  string   // what is waited for, where it passes
	zonal bool     // it is about one zone, and another one can do
}

// launchCauses are sorted: the first one whose words are there counts. The texts are those of "Troubleshoot Amazon EC2 Auto
// Scaling: EC2 instance launch failures", of "Error codes for the Amazon EC2 API", and of what other tools report. A
// run waits for causes that are not in the table.
var launchCauses = []launchCause{
	{
		words: []string{"invalid iam instance profile"},
		wait:  "EC2 does not know the new instance profile yet",
	},
	{
		words: []string{"when attempting to assume role"},
		wait:  "the service-linked role of Auto Scaling is new",
	},
	{
		words: []string{"not have sufficient", "insufficientinstancecapacity", "insufficient capacity"},
		wait:  "AWS has no capacity for it now, and Auto Scaling tries again",
	},
	{words: []string{"request limit exceeded", "server.internalerror"}, wait: "Auto Scaling tries again"},
	{
		words: []string{"not supported in your requested availability zone", "requested configuration is currently not supported"},
		next:  "set another compute.type for the region under `overrides`: its zones do not offer this one",
		zonal: true,
	},
	{
		words: []string{"not eligible for free tier"},
		next: "set compute.type to one that `aws ec2 describe-instance-types --filters Name=free-tier-eligible,Values=true` lists, or " +
			"upgrade the account's plan",
	},
	{
		words: []string{"currently blocked"},
		next:  "ask AWS Support to unblock the account",
	},
	{
		words: []string{"pending verification", "pendingverification", "is being validated"},
		next:  "wait for AWS's mail that says the account is verified for the region, up to four hours, and run the command again",
	},
	{
		words: []string{"not authorized for images", "image id", "ami id", "invalidamiid", "ami is disabled"},
		next:  "set compute.ami to an image of this region that exists, is enabled and is shared with the account",
	},
	{
		words: []string{"not authorized to", "unauthorizedoperation", "explicit deny"},
		next: "let the policies of the account and of the organisation allow the launch; " +
			"`aws sts decode-authorization-message --encoded-message TEXT` tells which one refuses it",
	},
	{
		words: []string{"vcpu"},
		next:  "raise the quota \"Running On-Demand Standard instances\" (L-1216C47A), or set a smaller compute.type or fewer instances",
	},
	{
		words: []string{"volumelimitexceeded", "volume limit exceeded", "volume storage"},
		next:  "delete unused volumes, or raise the quota \"Storage for General Purpose SSD (gp3) volumes\" (L-7A658B76)",
	},
	{
		words: []string{"kms key", "invalidkmskey", "client error on launch"},
		next: "let the role AWSServiceRoleForAutoScaling use the key that the account's volumes are encrypted with, in the key's " +
			"policy, and see that the key is enabled: `aws ec2 get-ebs-default-kms-key-id`",
	},
	{
		words: []string{"is not a valid tag key"},
		next:  "rename that tag in `tags`: instance metadata can only hold tag keys without spaces and slashes",
	},
	{
		words: []string{"accept terms and subscribe"},
		next:  "subscribe to the image in AWS Marketplace, or set another compute.ami",
	},
}

// causeOf is the entry of the table for AWS's words; the zero value for words that are not in it.
func causeOf(text string) launchCause {
	text = strings.ToLower(text)
	for _, cause := range launchCauses {
		if slices.ContainsFunc(cause.words, func(words string) bool { return strings.Contains(text, words) }) {
			return cause
		}
	}
	return launchCause{}
}

// lasts says whether no further launch can succeed until a person has acted.
func (c launchCause) lasts() bool { return c.next != "" }

// LaunchError says that a group can't launch its instances, and will not be able to before a person has acted.
type LaunchError struct {
	Group string
	Why   string // in AWS's words
	Next  string // as a clause
}

func (e *LaunchError) Error() string {
	return fmt.Sprintf("group %s can't launch instances, and waiting will not help: %s", e.Group, e.Why)
}
