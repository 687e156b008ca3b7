package cloud

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// EnabledRegions are the names of the regions that the account can use, sorted: those of AWS's default set and those
// that it has opted in to. The given region is asked; see "DescribeRegions" in the Amazon EC2 API Reference.
func (c *Cloud) EnabledRegions(ctx context.Context, ask string) ([]string, error) {
	out, err := c.Region(ask).EC2.DescribeRegions(ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(false)})
	if err != nil {
		return nil, fmt.Errorf("%s: list the regions that the account has enabled: %w", ask, err)
	}
	var names []string
	for _, region := range out.Regions {
		names = append(names, aws.ToString(region.RegionName))
	}
	slices.Sort(names)
	return names, nil
}
