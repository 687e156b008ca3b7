package cloud

import (
	"errors"
	"regexp"

	"github.com/aws/smithy-go"
)

// unheardCodes are the codes, in addition to those of [classes], of services that do not know yet what another has
// created.
var unheardCodes = map[string]bool{
	"InvalidConfigurationRequest": true, "InvalidSubnet": true,
	"InvalidParameter": true, "InvalidParameterValue": true, "ValidationError": true,
}

// unheardWords tell those from the other meanings that most of the codes have. A user's mistake can match as well: then
// it is reported after the engine's patience and not at once.
var unheardWords = regexp.MustCompile(`(?i)` +
	// A new instance profile takes seconds to get from IAM to EC2 and Auto Scaling.
	`instance ?profile` +
	// A new role takes as long to get to those who are to assume it.
	`|unable to assume given IAM role` +
	// So does what EC2 has just made, to load balancing, Auto Scaling and other parts of EC2.
	`|\b(vpc|subnet|sg|lt)-[0-9a-f]+.*(does not exist|not found|not valid)` +
	`|could not find the specified version` +
	`|security groups are invalid|target groups may not be valid|target groups not found` +
	// And what was attached to a thing, or switched on.
	`|has no internet gateway|belong to different networks|requires both enableDns` +
	// An endpoint that is gone has its private name a little longer.
	`|conflicting DNS domain` +
	// AWS creates the role of the service with an account's first group.
	`|AWSServiceRoleFor`)

// unheard says whether a call failed only since it came too soon after those that made what it builds on.
func unheard(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && unheardCodes[api.ErrorCode()] && unheardWords.MatchString(api.ErrorMessage())
}
