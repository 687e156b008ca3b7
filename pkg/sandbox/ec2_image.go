package sandbox

import (
	"slices"
	"strings"
	"time"
)

// imageView is a public image as EC2 describes it.
type imageView struct {
	ID             string        `wire:"imageId"`
	Name           string        `wire:"name"`
	Description    string        `wire:"description"`
	Location       string        `wire:"imageLocation"`
	State          string        `wire:"imageState"`
	OwnerID        string        `wire:"imageOwnerId"`
	OwnerAlias     string        `wire:"imageOwnerAlias"`
	Public         bool          `wire:"isPublic"`
	Architecture   string        `wire:"architecture"`
	Type           string        `wire:"imageType"`
	Created        string        `wire:"creationDate"`
	Platform       string        `wire:"platformDetails"`
	RootDevice     string        `wire:"rootDeviceName"`
	RootDeviceType string        `wire:"rootDeviceType"`
	Virtualization string        `wire:"virtualizationType"`
	Hypervisor     string        `wire:"hypervisor"`
	ENASupport     bool          `wire:"enaSupport"`
	BootMode       string        `wire:"bootMode"`
	IMDS           string        `wire:"imdsSupport"`
	Devices        []blockDevice `wire:"blockDeviceMapping>item"`
}

// amazon is the account that Amazon Linux's images belong to.
const amazon = "137112412989"

// canonical is the account that Ubuntu's images belong to.
const canonical = "099720109477"

var imageListing = listing[imageView]{
	ids: "ImageId", name: func(v *imageView) string { return v.ID },
	unknown: func(id string) *Error {
		return fail("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id)
	},
	fields: fields[imageView]{
		"image-id":            one(func(v *imageView) string { return v.ID }),
		"name":                one(func(v *imageView) string { return v.Name }),
		"architecture":        one(func(v *imageView) string { return v.Architecture }),
		"state":               one(func(v *imageView) string { return v.State }),
		"owner-id":            one(func(v *imageView) string { return v.OwnerID }),
		"owner-alias":         one(func(v *imageView) string { return v.OwnerAlias }),
		"root-device-type":    one(func(v *imageView) string { return v.RootDeviceType }),
		"virtualization-type": one(func(v *imageView) string { return v.Virtualization }),
	},
}

func imageArea(reg *registry) { reg.ec2("DescribeImages", reads, describeImages) }

// describeImages knows the images of all releases so far.
func describeImages(c *call) (any, error) {
	found, next, err := imageListing.describeFixed(c, c.region.allImages())
	if owners := c.List("Owner"); len(owners) > 0 {
		found = slices.DeleteFunc(found, func(v *imageView) bool {
			return !slices.Contains(owners, v.OwnerID) && !slices.Contains(owners, v.OwnerAlias)
		})
	}
	return struct {
		Images []*imageView `wire:"imagesSet>item"`
		page
	}{found, next}, err
}

// allImages are the images of all releases, the latest first. Several parameters may name one image.
func (r *region) allImages() []*imageView {
	var out []*imageView
	known := map[string]bool{}
	for release := r.releases(); release >= 0; release-- {
		for _, img := range imagesOf(r.name, release) {
			if !known[img.ID] {
				known[img.ID] = true
				out = append(out, img.view(release))
			}
		}
	}
	return out
}

func (img *image) view(release int) *imageView {
	size, yes, no := rootVolume, true, false
	v := &imageView{
		ID: img.ID, Name: img.Name, Description: "Amazon Linux 2023", Location: "amazon/" + img.Name, State: "available",
		OwnerID: amazon, OwnerAlias: "amazon", Public: true, Architecture: img.Architecture, Type: "machine",
		Created: releaseDate(release).Format(time.RFC3339), Platform: "Linux/UNIX", RootDevice: img.root(),
		RootDeviceType: "ebs", Virtualization: "hvm", Hypervisor: "xen", ENASupport: true, BootMode: "uefi-preferred",
		IMDS: "v2.0", Devices: []blockDevice{{img.root(), &ebsDevice{
			DeleteOnTermination: &yes, Encrypted: &no, SnapshotID: snapshotOf(*img), Size: &size, Type: "gp3",
		}}},
	}
	if strings.HasPrefix(img.Name, "ubuntu/") {
		v.Description, v.OwnerID, v.OwnerAlias = "Canonical, Ubuntu, 24.04", canonical, ""
		v.Location = canonical + "/" + img.Name
	}
	return v
}

// snapshotOf is the snapshot behind an image's root volume.
func snapshotOf(img image) string { return "snap-" + strings.TrimPrefix(img.ID, "ami-") }
