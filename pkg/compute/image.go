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
}

// DescribeImage looks an AMI up. One that does not exist in the API's region, or that the account may not use, is an
// error that cloud.IsNotFound knows.
func DescribeImage(ctx context.Context, api ec2.DescribeImagesAPIClient, id string) (Image, error) {
	out, err := api.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}})
	if err != nil {
		return Image{}, fmt.Errorf("look at the image %s: %w", id, err)
	}
	for _, image := range out.Images {
		return Image{
			ID:           aws.ToString(image.ImageId),
			Architecture: Architecture(image.Architecture),
			State:        string(image.State),
			Available:    image.State == types.ImageStateAvailable,
		}, nil
	}
	return Image{}, &smithy.GenericAPIError{Code: "InvalidAMIID.NotFound", Message: id + " is not listed"}
}
