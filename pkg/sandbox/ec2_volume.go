package sandbox

import (
	"strconv"
	"time"
)

// rootDevice is where images of Amazon Linux have their root volume.
const rootDevice = "/dev/xvda"

// volume is a disk. Here they are made by launches only.
type volume struct {
	ID         string    `wire:"volumeId"`
	Size       int       `wire:"size"` // GiB
	SnapshotID string    `wire:"snapshotId,empty"`
	Zone       string    `wire:"availabilityZone"`
	State      string    `wire:"status"`
	Created    time.Time `wire:"createTime"`
	Type       string    `wire:"volumeType"`
	IOPS       int       `wire:"iops"`
	Throughput *int      `wire:"throughput"`
	Encrypted  bool      `wire:"encrypted"`
	KMSKeyID   string    `wire:"kmsKeyId"`
	tagSet

	Device              string
	InstanceID          string // empty when it is available
	Attached            time.Time
	DeleteOnTermination bool
}

// volumeUse is a volume in an instance.
type volumeUse struct {
	ID                  string    `wire:"volumeId"`
	Status              string    `wire:"status"`
	Attached            time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
}

// volumeAttachment is an instance in a volume.
type volumeAttachment struct {
	volumeUse
	InstanceID string `wire:"instanceId"`
	Device     string `wire:"device"`
}

type volumeView struct {
	*volume
	Attachments []volumeAttachment `wire:"attachmentSet>item"`
}

var volumes = newKind[volume]("volume", "vol")

var volumeListing = listing[volume]{
	of: volumes, ids: "VolumeId", unknown: noVolume,
	fields: fields[volume]{
		"volume-id":              one(func(v *volume) string { return v.ID }),
		"status":                 one(func(v *volume) string { return v.State }),
		"volume-type":            one(func(v *volume) string { return v.Type }),
		"availability-zone":      one(func(v *volume) string { return v.Zone }),
		"size":                   one(func(v *volume) string { return strconv.Itoa(v.Size) }),
		"encrypted":              yes(func(v *volume) bool { return v.Encrypted }),
		"attachment.instance-id": one(func(v *volume) string { return v.InstanceID }),
	},
}

func volumeArea(reg *registry) {
	reg.ec2("DescribeVolumes", reads, describeVolumes)
	reg.ec2("DeleteVolume", mutates, deleteVolume)
}

func noVolume(id string) *Error {
	return fail("InvalidVolume.NotFound", "The volume '%s' does not exist.", id)
}

// addVolumes creates the volumes of a new instance: its root volume, and those that were asked for.
func (i *instance) addVolumes(r *region, tags tagSet) {
	devices := i.Data.Devices
	root := false
	for _, d := range devices {
		root = root || d.Device == i.Image.root()
	}
	if !root {
		devices = append([]blockDevice{{Device: i.Image.root()}}, devices...)
	}
	for _, d := range devices {
		i.Volumes = append(i.Volumes, r.newVolume(i, d, tags).ID)
	}
}

func (r *region) newVolume(i *instance, d blockDevice, tags tagSet) *volume {
	ebs := d.EBS
	if ebs == nil {
		ebs = &ebsDevice{}
	}
	v := &volume{
		ID: r.newID(volumes.prefix), Size: rootVolume, SnapshotID: orElse(ebs.SnapshotID, snapshotOf(i.Image)), Zone: i.Zone,
		State: "in-use", Created: r.now, Type: orElse(ebs.Type, "gp3"), IOPS: 3000, Encrypted: isTrue(ebs.Encrypted),
		KMSKeyID: ebs.KMSKeyID, Device: d.Device, InstanceID: i.ID, Attached: r.now,
		DeleteOnTermination: ebs.DeleteOnTermination == nil || *ebs.DeleteOnTermination,
	}
	v.Tags = append(v.Tags, tags.Tags...)
	if ebs.Size != nil {
		v.Size = *ebs.Size
	}
	if ebs.IOPS != nil {
		v.IOPS = *ebs.IOPS
	}
	if v.Throughput = ebs.Throughput; v.Throughput == nil && v.Type == "gp3" {
		slowest := 125
		v.Throughput = &slowest
	}
	if v.Encrypted && v.KMSKeyID == "" {
		v.KMSKeyID = "arn:aws:kms:" + r.name + ":" + r.account.id + ":alias/aws/ebs"
	}
	volumes.put(r, v.ID, v)
	return v
}

// leaveVolume is what becomes of a volume whose instance ends.
func leaveVolume(r *region, id string) {
	v := volumes.get(r, id)
	switch {
	case v == nil:
	case v.DeleteOnTermination:
		volumes.drop(r, id)
	default:
		v.State, v.InstanceID, v.Device = "available", "", ""
	}
}

func (v *volume) use() volumeUse {
	return volumeUse{v.ID, "attached", v.Attached, v.DeleteOnTermination}
}

func describeVolumes(c *call) (any, error) {
	found, next, err := volumeListing.describe(c)
	views := make([]volumeView, 0, len(found))
	for _, v := range found {
		view := volumeView{volume: v}
		if v.InstanceID != "" {
			view.Attachments = []volumeAttachment{{v.use(), v.InstanceID, v.Device}}
		}
		views = append(views, view)
	}
	return struct {
		Volumes []volumeView `wire:"volumeSet>item"`
		page
	}{views, next}, err
}

func deleteVolume(c *call) (any, error) {
	id, err := c.Need("VolumeId")
	if err != nil {
		return nil, err
	}
	v := volumes.get(c.region, id)
	if v == nil {
		return nil, noVolume(id)
	}
	if v.InstanceID != "" {
		return nil, fail("VolumeInUse", "Volume %s is currently attached to %s", id, v.InstanceID)
	}
	volumes.drop(c.region, id)
	return nil, nil
}
