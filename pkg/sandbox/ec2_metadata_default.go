package sandbox

import (
	"regexp"
	"slices"
)

// metadataDefaults are an account's choices for the metadata of instances in a region, empty where it has made none. They fill in
// what a launch leaves open, before the image's and AWS's own ("Order of precedence for instance metadata configuration").
type metadataDefaults struct {
	Tokens       string `wire:"httpTokens"`
	HopLimit     *int   `wire:"httpPutResponseHopLimit"`
	Endpoint     string `wire:"httpEndpoint"`
	InstanceTags string `wire:"instanceMetadataTags"`
	ManagedBy    string `wire:"managedBy"`
}

var metadataDefaulting = newKind[metadataDefaults]("instance-metadata-defaults", "")

// accountLevel is the ID of the one that there is.
const accountLevel = "account"

func metadataDefaultOperations(reg *registry) {
	reg.ec2("ModifyInstanceMetadataDefaults", mutates, modifyMetadataDefaults)
	reg.ec2("GetInstanceMetadataDefaults", reads, func(c *call) (any, error) {
		defaults := c.region.metadataDefaults()
		return struct {
			Level *metadataDefaults `wire:"accountLevel"`
		}{&defaults}, nil
	})
}

func (r *region) metadataDefaults() metadataDefaults {
	if found := metadataDefaulting.get(r, accountLevel); found != nil {
		return *found
	}
	return metadataDefaults{ManagedBy: "account"}
}

// noPreference takes a default back; -1 is that of the hop limit.
const noPreference = "no-preference"

func modifyMetadataDefaults(c *call) (any, error) {
	changed := c.region.metadataDefaults()
	for _, choice := range []struct {
		parameter string
		at        *string
		values    []string
	}{
		{"HttpTokens", &changed.Tokens, []string{"optional", "required"}},
		{"HttpEndpoint", &changed.Endpoint, []string{"disabled", "enabled"}},
		{"InstanceMetadataTags", &changed.InstanceTags, []string{"disabled", "enabled"}},
	} {
		switch value := c.Str(choice.parameter); {
		case value == "":
		case value == noPreference:
			*choice.at = ""
		case slices.Contains(choice.values, value):
			*choice.at = value
		default:
			return nil, badValue(choice.parameter, value)
		}
	}
	hops, err := c.OptionalNum("HttpPutResponseHopLimit")
	switch {
	case err != nil || hops != nil && *hops != -1 && (*hops < 1 || *hops > 64):
		return nil, badValue("HttpPutResponseHopLimit", c.Str("HttpPutResponseHopLimit"))
	case hops != nil && *hops == -1:
		changed.HopLimit = nil
	case hops != nil:
		changed.HopLimit = hops
	}
	if c.Has("HttpTokensEnforced") {
		return nil, fail("UnsupportedOperation", "The sandbox does not implement the parameter HttpTokensEnforced")
	}
	metadataDefaulting.put(c.region, accountLevel, &changed)
	return struct {
		Return bool `wire:"return"`
	}{true}, nil
}

var (
	metadataTagKey      = regexp.MustCompile(`^[0-9a-zA-Z\-_+=,.@:]{1,255}$`)
	reservedMetadataKey = []string{".", "..", "_index"}
)

// checkMetadataTags refuses a launch whose tags can't be in the instance's metadata: keys are part of a path there ("View tags
// for your EC2 instances using instance metadata"). Auto Scaling accepts such a group, whose launches then fail
// (eksctl-io/eksctl#8383, kubernetes/cloud-provider-aws#436); an account's default is enough for that
// (aws/karpenter-provider-aws#7012).
func (i *instance) checkMetadataTags() error {
	if i.Data.Metadata.InstanceTags != "enabled" {
		return nil
	}
	for _, t := range i.Tags {
		if !metadataTagKey.MatchString(t.Key) || slices.Contains(reservedMetadataKey, t.Key) {
			return fail("InvalidParameterValue", "'%s' is not a valid tag key. Tag keys must match pattern "+
				`([0-9a-zA-Z\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`, t.Key)
		}
	}
	return nil
}
