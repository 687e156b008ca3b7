package compute

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// Image is an AMI as observed.
type Image struct {
	ID           string
	Architecture Architecture
	State        string // AWS's word for it
	Available    bool
	RootDevice   string // empty: as in Amazon Linux
	VolumeGB     int32  // that the root volume has at the least
}

// ImageError says why an image is of no use for what is wanted.
type ImageError struct{ ID, Why string }

func (e *ImageError) Error() string {
	return fmt.Sprintf("the image %s can't be used: %s", e.ID, e.Why)
}

// Suits is an [ImageError] if instances of the type can't be launched from the image with a root volume of that size.
func (i Image) Suits(instanceType string, volumeGB int32) error {
	wanted := ArchitectureOf(instanceType)
	switch {
	case !i.Available:
		return &ImageError{i.ID, "it is " + i.State}
	case i.Architecture != wanted:
		return &ImageError{i.ID, fmt.Sprintf("it is for %s, and compute.type, %s, is %s", i.Architecture, instanceType, wanted)}
	case volumeGB < i.VolumeGB:
		return &ImageError{i.ID, fmt.Sprintf("it needs %d GB, and compute.volume_gb is %d", i.VolumeGB, volumeGB)}
	}
	return nil
}

// DescribeImage looks an AMI up. One that does not exist in the API's region, or that the account can't use, is an
// error that cloud.IsNotFound knows.
func DescribeImage(ctx context.Context, api ec2.DescribeImagesAPIClient, id string) (Image, error) {
	out, err := api.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	if err != nil {
		return Image{}, fmt.Errorf("read the image %s: %w", id, err)
	}
	for _, image := range out.Images {
		return observeImage(image), nil
	}
	return Image{}, &smithy.GenericAPIError{Code: "InvalidAMIID.NotFound", Message: id + " is not listed"}
}

func observeImage(image types.Image) Image {
	o := Image{
		ID:           aws.ToString(image.ImageId),
		Architecture: Architecture(image.Architecture),
		State:        string(image.State),
		Available:    image.State == types.ImageStateAvailable,
	}
	root := aws.ToString(image.RootDeviceName)
	for _, device := range image.BlockDeviceMappings {
		if aws.ToString(device.DeviceName) == root && device.Ebs != nil {
			o.VolumeGB = aws.ToInt32(device.Ebs.VolumeSize)
		}
	}
	if root != rootDevice {
		o.RootDevice = root
	}
	return o
}
