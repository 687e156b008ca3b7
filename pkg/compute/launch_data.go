package compute

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// dataRules names the rules below that no wish changes. It has to change with them, since it is what makes existing
// templates get a version of the new rules. Since "2", instance metadata has no tags, whatever the account's default is.
const dataRules = "2"

// launchOnly says whether a change of rules matters to new instances only: those that run stay as they are.
func launchOnly(c graph.Change) bool { return c.Field == fieldRules && c.From == "1" && c.To == "2" }

// wordTags is the one word of a note that running instances need not be replaced for.
const wordTags = "tags"

// wordDevice is where the root volume is, unless it is there where Amazon Linux has it.
const wordDevice = "device"

// rootDevice is where Amazon Linux has its root volume. A volume of another name would be a second one next to the root volume, and
// that one not encrypted.
const rootDevice = "/dev/xvda"

// data is what a version holds. Instances answer metadata requests with a token only, and not to containers on them;
// they have an encrypted root volume, no key pair and, in private subnets, no public address.
func (r LaunchTemplate) data() *types.RequestLaunchTemplateData {
	return &types.RequestLaunchTemplateData{
		ImageId:            aws.String(r.AMI),
		InstanceType:       types.InstanceType(r.InstanceType),
		SecurityGroupIds:   []string{r.SecurityGroup.ID()},
		UserData:           aws.String(base64.StdEncoding.EncodeToString([]byte(r.UserData))),
		IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String(r.InstanceProfile)},
		Monitoring:         &types.LaunchTemplatesMonitoringRequest{Enabled: aws.Bool(false)},
		MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpEndpoint:            types.LaunchTemplateInstanceMetadataEndpointStateEnabled,
			HttpTokens:              types.LaunchTemplateHttpTokensStateRequired,
			HttpPutResponseHopLimit: aws.Int32(1),
			// With tags in the metadata, AWS refuses launches with a tag whose key has a slash or a space, and an account can
			// have them there by default (aws/karpenter-provider-aws#7012).
			InstanceMetadataTags: types.LaunchTemplateInstanceMetadataTagsStateDisabled,
		},
		BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{{
			DeviceName: aws.String(cmp.Or(r.RootDevice, rootDevice)),
			Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{
				VolumeType:          types.VolumeTypeGp3,
				VolumeSize:          aws.Int32(r.VolumeGB),
				Encrypted:           aws.Bool(true),
				DeleteOnTermination: aws.Bool(true),
			},
		}},
		TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{
			{ResourceType: types.ResourceTypeInstance, Tags: cloud.EC2Tags(r.InstanceTags)},
			{ResourceType: types.ResourceTypeVolume, Tags: cloud.EC2Tags(r.InstanceTags)},
			{ResourceType: types.ResourceTypeNetworkInterface, Tags: cloud.EC2Tags(r.InstanceTags)},
		},
	}
}

// words are the same for the note: name and value by turns. A name without a value is left out of the note.
func (r LaunchTemplate) words() [][2]string {
	return [][2]string{
		{"image", r.AMI},
		{"type", r.InstanceType},
		{"profile", r.InstanceProfile},
		{"group", r.SecurityGroup.String()},
		{"volume", strconv.Itoa(int(r.VolumeGB))},
		{"script", digest(r.UserData)},
		{wordTags, digest(joined(r.InstanceTags))},
		{"rules", dataRules},
		{wordDevice, r.RootDevice},
	}
}

func (r LaunchTemplate) contents() string {
	var all []string
	for _, w := range r.words() {
		if w[1] != "" {
			all = append(all, w[0]+"="+w[1])
		}
	}
	return strings.Join(all, " ")
}

// dataChanges compares with a note's contents. All of them make one version, so that all wait for the group.
func (r LaunchTemplate) dataChanges(contents string) []graph.Change {
	var changes []graph.Change
	for _, w := range r.words() {
		if have := word(contents, w[0]); have != w[1] {
			changes = append(changes, graph.Change{Field: fieldData + w[0], From: have, To: w[1]})
		}
	}
	if r.SecurityGroup.ID() == "" {
		for i := range changes {
			changes[i].After = r.SecurityGroup.Key()
		}
	}
	return changes
}

// replaces says whether instances have to be replaced for the changes.
func replaces(changes []graph.Change) bool {
	return slices.ContainsFunc(changes, func(c graph.Change) bool {
		return strings.HasPrefix(c.Field, fieldData) && c.Field != fieldData+wordTags && !launchOnly(c)
	})
}

func joined(tags map[string]string) string {
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		text.WriteString(key + "\x00" + tags[key] + "\x00")
	}
	return text.String()
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
