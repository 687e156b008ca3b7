package cloud

import (
	"cmp"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
)

// origin is what decided which credentials are used, as a person would change it.
type origin struct {
	stand   bool   // nothing was read from the environment
	profile string // "--profile prod", "AWS_PROFILE=prod" or "the profile default"
	role    string // that was assumed on top, and by whose wish
	mfa     bool   // the profile's role wants a code from a device
}

func originOf(o Options, base aws.Config) origin {
	from := origin{stand: o.Instead != nil}
	name := ""
	for _, source := range base.ConfigSources {
		if shared, ok := source.(config.SharedConfig); ok {
			name, from.mfa = shared.Profile, shared.MFASerial != ""
		}
	}
	name = cmp.Or(name, "default")
	switch {
	case o.Profile != "":
		from.profile = "--profile " + o.Profile
	case os.Getenv("AWS_PROFILE") != "":
		from.profile = "AWS_PROFILE=" + name
	default:
		from.profile = "the profile " + name
	}
	return from
}

// sharedFile is how the SDK names credentials that a file holds; the file follows.
const sharedFile = "SharedConfigCredentials: "

// describe says where credentials came from. The SDK's own names are those of its Go types.
func (o origin) describe(source string) string {
	if o.stand {
		return "what stands in for AWS"
	}
	if o.role != "" {
		return o.role + ", assumed from " + o.profile + " or the variables of the environment"
	}
	if file, ok := strings.CutPrefix(source, sharedFile); ok {
		return o.profile + " in " + file
	}
	switch source {
	case config.CredentialsSourceName:
		return "the variable AWS_ACCESS_KEY_ID"
	case ssocreds.ProviderName:
		return o.profile + ", by IAM Identity Center"
	case logincreds.ProviderName:
		return o.profile + ", by `aws login`"
	case processcreds.ProviderName:
		return o.profile + ", by its credential_process"
	case stscreds.ProviderName:
		return o.profile + ", which assumes a role"
	case stscreds.WebIdentityProviderName:
		if os.Getenv("AWS_WEB_IDENTITY_TOKEN_FILE") != "" {
			return "the variable AWS_WEB_IDENTITY_TOKEN_FILE"
		}
		return o.profile + ", by its web identity token"
	case ec2rolecreds.ProviderName:
		return "this EC2 instance's role"
	case endpointcreds.ProviderName:
		return "this container's role"
	}
	return source
}

// renewed says whether the SDK renews such credentials before they expire.
func (o origin) renewed(source string) bool {
	switch source {
	case stscreds.WebIdentityProviderName, ec2rolecreds.ProviderName, endpointcreds.ProviderName,
		processcreds.ProviderName:
		return true
	case stscreds.ProviderName:
		return !o.mfa
	}
	return false
}
