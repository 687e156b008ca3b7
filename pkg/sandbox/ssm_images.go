package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// image is a public machine image that an SSM parameter points at.
type image struct {
	ID           string
	Name         string
	Architecture string
	Parameter    string // the name of the public parameter that holds ID
	Root         string `json:",omitempty"` // where the root volume is; empty: as in Amazon Linux
}

func (img image) root() string { return orElse(img.Root, rootDevice) }

// imageFolder is where the public parameters of Amazon Linux are.
const imageFolder = "/aws/service/ami-amazon-linux-latest/"

// imageFamilies are the images that have a public parameter: its name and the name of the image as AWS spells them, but
// for the architecture and the release. See "Reference the latest AMIs using Systems Manager public parameters", and
// Ubuntu's "Find Ubuntu images with SSM".
var imageFamilies = []struct{ parameter, image, x86, root string }{
	{imageFolder + "al2023-ami-kernel-default-%s", "al2023-ami-2023.%d.0-kernel-6.1-%s", "x86_64", ""},
	{imageFolder + "al2023-ami-minimal-kernel-default-%s", "al2023-ami-minimal-2023.%d.0-kernel-6.1-%s", "x86_64", ""},
	{imageFolder + "al2023-ami-kernel-6.12-%s", "al2023-ami-2023.%d.0-kernel-6.12-%s", "x86_64", ""},
	{imageFolder + "al2023-ami-minimal-kernel-6.12-%s", "al2023-ami-minimal-2023.%d.0-kernel-6.12-%s", "x86_64", ""},
	{
		"/aws/service/canonical/ubuntu/server/24.04/stable/current/%s/hvm/ebs-gp3/ami-id",
		"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04.%d-%s-server", "amd64", "/dev/sda1",
	},
}

// firstRelease is the minor version of Amazon Linux 2023 that a new sandbox offers.
const firstRelease = 9

// imageRelease counts the releases of images that a region has seen after the first.
type imageRelease struct{ Count int }

var imageReleases = newKind[imageRelease]("image-release", "")

// ReleaseImages makes newer public images the ones that a region's parameters name, for one account. The older ones
// stay usable.
func (s *Sandbox) ReleaseImages(account, region string) error {
	a := s.account(account)
	a.mu.Lock()
	r := a.region(region)
	imageReleases.put(r, imageFolder, &imageRelease{Count: r.releases() + 1})
	a.mu.Unlock()
	return s.save()
}

func (r *region) releases() int {
	if seen := imageReleases.get(r, imageFolder); seen != nil {
		return seen.Count
	}
	return 0
}

// releaseDate is when a release came out: one a fortnight.
func releaseDate(release int) time.Time {
	return time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 14*release)
}

// images are the newest public images. The ID of an image differs between regions, as AWS's do: one that was looked
// up elsewhere does not exist here.
func (r *region) images() []image { return imagesOf(r.name, r.releases()) }

// image is the public image with that ID, of any release.
func (r *region) image(id string) (image, bool) {
	for release := r.releases(); release >= 0; release-- {
		for _, candidate := range imagesOf(r.name, release) {
			if candidate.ID == id {
				return candidate, true
			}
		}
	}
	return image{}, false
}

func imagesOf(region string, release int) []image {
	var out []image
	for _, family := range imageFamilies {
		for _, arch := range []string{"x86_64", "arm64"} {
			spelled := strings.Replace(arch, "x86_64", family.x86, 1)
			name := fmt.Sprintf(family.image, firstRelease+release, spelled)
			out = append(out, image{
				ID: imageID(region, name), Name: name, Architecture: arch, Parameter: fmt.Sprintf(family.parameter, spelled),
				Root: family.root,
			})
		}
	}
	return out
}

// imageID does not depend on the sandbox's seed: public images are the same in every account.
func imageID(region, name string) string {
	sum := sha256.Sum256([]byte(region + "\n" + name))
	return "ami-0" + hex.EncodeToString(sum[:8])
}
