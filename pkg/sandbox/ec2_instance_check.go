package sandbox

import (
	"slices"
	"strings"
)

// rootVolume is the size in GiB of the snapshot behind every image here.
const rootVolume = 8

// checkLaunch says what is wrong with launching into a subnet, or into any if it is nil.
func (r *region) checkLaunch(d launchData, in *subnet) error {
	if d.ImageID == "" {
		return missing("ImageId")
	}
	img, ok := r.image(d.ImageID)
	if !ok {
		return fail("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", d.ImageID)
	}
	if err := r.checkType(d.InstanceType, img, in); err != nil {
		return err
	}
	if d.KeyName != "" && r.keyPairNamed(d.KeyName) == nil {
		return noKeyPair(d.KeyName)
	}
	if name := d.profile(); name != "" && !instanceProfileUsable(r.account, name, r.now) {
		return r.badProfile(d.Profile)
	}
	if err := d.checkDevices(img.root()); err != nil {
		return err
	}
	return r.checkGroups(d.groups(), in)
}

func (r *region) checkType(name string, img image, in *subnet) error {
	if name == "" {
		return fail("InvalidParameterCombination", "Non-Windows instances with a virtualization type of 'hvm' are currently "+
			"not supported for this instance type : m1.small.") // which is the default
	}
	of := instanceTypeOf(name)
	if of == nil {
		return fail("InvalidParameterValue", "Invalid value '%s' for InstanceType.", name)
	}
	if !slices.Contains(of.Processor.Architectures, img.Architecture) {
		return fail("InvalidParameterValue", "The architecture '%s' of the specified instance type does not match the "+
			"architecture '%s' of the specified AMI. Specify an instance type and an AMI that have matching architectures, "+
			"and try again.", strings.Join(of.Processor.Architectures, ","), img.Architecture)
	}
	if in != nil && !offered(name, in.ZoneID) {
		return fail("Unsupported",
			"Your requested instance type (%s) is not supported in your requested Availability Zone (%s).", name, in.Zone)
	}
	return nil
}

// badProfile is also the answer while a new profile has not yet reached EC2.
func (r *region) badProfile(p *profileReference) error {
	if p.ARN != "" {
		return fail("InvalidParameterValue",
			"Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN", p.ARN)
	}
	return fail("InvalidParameterValue",
		"Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", p.Name)
}

func (d *launchData) checkDevices(root string) error {
	for _, device := range d.Devices {
		if device.EBS == nil || device.EBS.Size == nil || device.Device != root {
			continue
		}
		if size := *device.EBS.Size; size < rootVolume {
			return fail("InvalidBlockDeviceMapping", "Volume of size %dGB is smaller than snapshot, expect size >= %dGB",
				size, rootVolume)
		}
	}
	return nil
}

// groups are the security groups that were given, wherever they were.
func (d *launchData) groups() []string {
	for _, at := range d.Interfaces {
		if len(at.Groups) > 0 {
			return at.Groups
		}
	}
	return d.Groups
}

func (r *region) checkGroups(ids []string, in *subnet) error {
	for _, id := range ids {
		g := groups.get(r, id)
		if g == nil {
			return noGroup(id)
		}
		if in != nil && g.VPCID != in.VPCID {
			return fail("InvalidParameter", "Security group %s and subnet %s belong to different networks.", id, in.ID)
		}
	}
	return nil
}

// room is how many more instances the account may run at once. Every family here counts for the same quota. See "On-Demand
// Instance quotas".
func (r *region) room(d launchData) int {
	left := r.quota(QuotaVCPUs)
	for i := range instances.all(r) {
		if i.alive() {
			left -= cpusOf(i.Data.InstanceType)
		}
	}
	return max(0, left) / cpusOf(d.InstanceType)
}

func (r *region) tooManyCPUs() error {
	return fail("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of %d allows "+
		"for the instance bucket that the specified instance type belongs to. Please visit "+
		"http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", r.quota(QuotaVCPUs))
}

// cpusOf counts a type that is none as one: a launch of it was refused before.
func cpusOf(name string) int {
	if t := instanceTypeOf(name); t != nil {
		return t.CPU.Count
	}
	return 1
}
