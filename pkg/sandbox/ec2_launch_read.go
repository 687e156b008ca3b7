package sandbox

import (
	"encoding/base64"
	"strings"
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
func readLaunchData(p params, beside map[string]bool) (launchData, error) {
	if err := refuseUnknown(p, beside); err != nil {
		return launchData{}, err
	}
	d := launchData{
		ImageID: p.str("ImageId"), InstanceType: p.str("InstanceType"), KeyName: p.str("KeyName"),
		UserData: p.str("UserData"), ShutdownBehavior: p.str("InstanceInitiatedShutdownBehavior"),
		EBSOptimized: p.optionalFlag("EbsOptimized"), Protected: p.optionalFlag("DisableApiTermination"),
		Groups: p.list("SecurityGroupId"),
	}
	if _, err := base64.StdEncoding.DecodeString(d.UserData); err != nil {
		return d, fail("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.")
	}
	if len(d.UserData) > base64.StdEncoding.EncodedLen(16<<10) {
		return d, fail("InvalidParameterValue", "User data is limited to 16384 bytes")
	}
	if at := p.in("IamInstanceProfile"); at.has("Arn") || at.has("Name") {
		d.Profile = &profileReference{at.str("Arn"), at.str("Name")}
	}
	if v := p.optionalFlag("Monitoring.Enabled"); v != nil {
		d.Monitoring = &monitoring{*v}
	}
	if v := p.str("CreditSpecification.CpuCredits"); v != "" {
		d.Credit = &creditOption{v}
	}
	return d, d.readLists(p)
}

func (d *launchData) readLists(p params) (err error) {
	if d.Metadata, err = readMetadataOptions(p.in("MetadataOptions")); err != nil {
		return err
	}
	for item := range p.items("BlockDeviceMapping") {
		device, err := readBlockDevice(item)
		if err != nil {
			return err
		}
		d.Devices = append(d.Devices, device)
	}
	for item := range p.items("NetworkInterface") {
		index, err := item.optionalNum("DeviceIndex")
		if err != nil {
			return err
		}
		d.Interfaces = append(d.Interfaces, launchInterface{
			DeviceIndex: index, SubnetID: item.str("SubnetId"), Groups: item.list("SecurityGroupId"),
			PublicIP: item.optionalFlag("AssociatePublicIpAddress"), Description: item.str("Description"),
			DeleteOnTermination: item.optionalFlag("DeleteOnTermination"),
		})
	}
	if len(d.Interfaces) > 0 && len(d.Groups) > 0 {
		return fail("InvalidParameterCombination",
			"Network interfaces and an instance-level security groups may not be specified on the same request")
	}
	d.Tags, err = readLaunchTags(p)
	return err
}

func refuseUnknown(p params, beside map[string]bool) error {
	for key := range p.values {
		rest, ok := strings.CutPrefix(key, p.prefix)
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, ".")
		if !launchParameters[name] && !beside[name] {
			return fail("UnsupportedOperation", "The sandbox does not implement the launch parameter %s", key)
		}
	}
	return nil
}

func readMetadataOptions(p params) (*metadataOptions, error) {
	hops, err := p.optionalNum("HttpPutResponseHopLimit")
	if err != nil {
		return nil, err
	}
	if hops != nil && (*hops < 1 || *hops > 64) {
		return nil, badValue("HttpPutResponseHopLimit", p.str("HttpPutResponseHopLimit"))
	}
	out := &metadataOptions{
		Tokens: p.str("HttpTokens"), HopLimit: hops, Endpoint: p.str("HttpEndpoint"), IPv6: p.str("HttpProtocolIpv6"),
		InstanceTags: p.str("InstanceMetadataTags"),
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

func readBlockDevice(p params) (blockDevice, error) {
	out := blockDevice{Device: p.str("DeviceName")}
	at := p.in("Ebs")
	ebs := ebsDevice{
		DeleteOnTermination: at.optionalFlag("DeleteOnTermination"), Encrypted: at.optionalFlag("Encrypted"),
		KMSKeyID: at.str("KmsKeyId"), SnapshotID: at.str("SnapshotId"), Type: at.str("VolumeType"),
	}
	var err error
	if ebs.Size, err = at.optionalNum("VolumeSize"); err != nil {
		return out, err
	}
	if ebs.IOPS, err = at.optionalNum("Iops"); err != nil {
		return out, err
	}
	if ebs.Throughput, err = at.optionalNum("Throughput"); err != nil {
		return out, err
	}
	if ebs != (ebsDevice{}) {
		out.EBS = &ebs
	}
	return out, nil
}

// taggedAtLaunch are the types of things that a launch can tag.
var taggedAtLaunch = words("instance volume network-interface spot-instances-request")

func readLaunchTags(p params) ([]launchTags, error) {
	var out []launchTags
	for spec := range p.items("TagSpecification") {
		of := launchTags{Type: spec.str("ResourceType")}
		if !taggedAtLaunch[of.Type] {
			return nil, fail("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", of.Type)
		}
		for item := range spec.items("Tag") {
			t := tag{item.str("Key"), item.str("Value")}
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

// optionalFlag is nil if the parameter was not sent.
func (p params) optionalFlag(name string) *bool {
	if !p.has(name) {
		return nil
	}
	v := p.flag(name)
	return &v
}

// optionalNum is nil if the parameter was not sent.
func (p params) optionalNum(name string) (*int, error) {
	if !p.has(name) {
		return nil, nil
	}
	v, err := p.num(name, 0)
	return &v, err
}
