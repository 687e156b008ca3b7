package sandbox

import (
	"encoding/base64"
	"strings"

	"provision/pkg/sandbox/wire"
)

// launchParameters are those that the sandbox knows, without what follows a dot.
var launchParameters = words(`ImageId InstanceType KeyName UserData InstanceInitiatedShutdownBehavior EbsOptimized
	DisableApiTermination IamInstanceProfile MetadataOptions Monitoring CreditSpecification SecurityGroupId
	BlockDeviceMapping NetworkInterface TagSpecification`)

func words(s string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(s) {
		out[word] = true
	}
	return out
}

// readLaunchData reads the parameters of a launch. One that the sandbox would ignore is an error.
func readLaunchData(p wire.Params, beside map[string]bool) (launchData, error) {
	if err := refuseUnknown(p, beside); err != nil {
		return launchData{}, err
	}
	d := launchData{
		ImageID: p.Str("ImageId"), InstanceType: p.Str("InstanceType"), KeyName: p.Str("KeyName"),
		UserData: p.Str("UserData"), ShutdownBehavior: p.Str("InstanceInitiatedShutdownBehavior"),
		EBSOptimized: p.OptionalFlag("EbsOptimized"), Protected: p.OptionalFlag("DisableApiTermination"),
		Groups: p.List("SecurityGroupId"),
	}
	if _, err := base64.StdEncoding.DecodeString(d.UserData); err != nil {
		return d, fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	}
	if len(d.UserData) > base64.StdEncoding.EncodedLen(16<<10) {
		return d, fail("InvalidParameterValue", "User data is limited to 16384 bytes")
	}
	if at := p.In("IamInstanceProfile"); at.Has("Arn") || at.Has("Name") {
		d.Profile = &profileReference{at.Str("Arn"), at.Str("Name")}
	}
	if v := p.OptionalFlag("Monitoring.Enabled"); v != nil {
		d.Monitoring = &monitoring{*v}
	}
	if v := p.Str("CreditSpecification.CpuCredits"); v != "" {
		d.Credit = &creditOption{v}
	}
	return d, d.readLists(p)
}

func (d *launchData) readLists(p wire.Params) (err error) {
	if d.Metadata, err = readMetadataOptions(p.In("MetadataOptions")); err != nil {
		return err
	}
	for item := range p.Items("BlockDeviceMapping") {
		device, err := readBlockDevice(item)
		if err != nil {
			return err
		}
		d.Devices = append(d.Devices, device)
	}
	for item := range p.Items("NetworkInterface") {
		index, err := item.OptionalNum("DeviceIndex")
		if err != nil {
			return err
		}
		d.Interfaces = append(d.Interfaces, launchInterface{
			DeviceIndex: index, SubnetID: item.Str("SubnetId"), Groups: item.List("SecurityGroupId"),
			PublicIP: item.OptionalFlag("AssociatePublicIpAddress"), Description: item.Str("Description"),
			DeleteOnTermination: item.OptionalFlag("DeleteOnTermination"),
		})
	}
	if len(d.Interfaces) > 0 && len(d.Groups) > 0 {
		return fail("InvalidParameterCombination",
			"Network interfaces and an instance-level security groups may not be specified on the same request")
	}
	d.Tags, err = readLaunchTags(p)
	return err
}

func refuseUnknown(p wire.Params, beside map[string]bool) error {
	for key := range p.All() {
		name, _, _ := strings.Cut(key, ".")
		if !launchParameters[name] && !beside[name] {
			return fail("UnsupportedOperation", "The sandbox does not implement the launch parameter %s", p.Prefix()+key)
		}
	}
	return nil
}

func readMetadataOptions(p wire.Params) (*metadataOptions, error) {
	hops, err := p.OptionalNum("HttpPutResponseHopLimit")
	if err != nil {
		return nil, err
	}
	if hops != nil && (*hops < 1 || *hops > 64) {
		return nil, badValue("HttpPutResponseHopLimit", p.Str("HttpPutResponseHopLimit"))
	}
	out := &metadataOptions{
		Tokens: p.Str("HttpTokens"), HopLimit: hops, Endpoint: p.Str("HttpEndpoint"), IPv6: p.Str("HttpProtocolIpv6"),
		InstanceTags: p.Str("InstanceMetadataTags"),
	}
	if *out == (metadataOptions{}) {
		return nil, nil
	}
	if out.Tokens != "" && out.Tokens != "required" && out.Tokens != "optional" {
		return nil, badValue("HttpTokens", out.Tokens)
	}
	out.State = "applied"
	return out, nil
}

func readBlockDevice(p wire.Params) (blockDevice, error) {
	out := blockDevice{Device: p.Str("DeviceName")}
	at := p.In("Ebs")
	ebs := ebsDevice{
		DeleteOnTermination: at.OptionalFlag("DeleteOnTermination"), Encrypted: at.OptionalFlag("Encrypted"),
		KMSKeyID: at.Str("KmsKeyId"), SnapshotID: at.Str("SnapshotId"), Type: at.Str("VolumeType"),
	}
	var err error
	if ebs.Size, err = at.OptionalNum("VolumeSize"); err != nil {
		return out, err
	}
	if ebs.IOPS, err = at.OptionalNum("Iops"); err != nil {
		return out, err
	}
	if ebs.Throughput, err = at.OptionalNum("Throughput"); err != nil {
		return out, err
	}
	if ebs != (ebsDevice{}) {
		out.EBS = &ebs
	}
	return out, nil
}

// taggedAtLaunch are the types of things that a launch can tag.
var taggedAtLaunch = words("instance volume network-interface spot-instances-request")

func readLaunchTags(p wire.Params) ([]launchTags, error) {
	var out []launchTags
	for spec := range p.Items("TagSpecification") {
		of := launchTags{Type: spec.Str("ResourceType")}
		if !taggedAtLaunch[of.Type] {
			return nil, fail("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", of.Type)
		}
		for item := range spec.Items("Tag") {
			t := tag{item.Str("Key"), item.Str("Value")}
			if err := checkTag(t); err != nil {
				return nil, err
			}
			of.set(t)
		}
		if len(of.tagSet.Tags) > mostTags {
			return nil, tooManyTags()
		}
		out = append(out, of)
	}
	return out, nil
}
