package cloud

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Region has the clients of one region.
type Region struct {
	Name        string
	EC2         *ec2.Client
	ELB         *elb.Client
	AutoScaling *autoscaling.Client
	SSM         *ssm.Client
	Logs        *cloudwatchlogs.Client
	Quotas      *servicequotas.Client
	IAM         *iam.Client // of the partition that the region is in
	Emulated    bool        // an endpoint stands in for AWS, see [Cloud.Custom]
}

// Region makes the clients of a region; it makes no call.
func (c *Cloud) Region(name string) *Region {
	cfg := c.in(name)
	return &Region{
		Name:        name,
		EC2:         ec2.NewFromConfig(cfg),
		ELB:         elb.NewFromConfig(cfg),
		AutoScaling: autoscaling.NewFromConfig(cfg),
		SSM:         ssm.NewFromConfig(cfg),
		Logs:        cloudwatchlogs.NewFromConfig(cfg),
		Quotas:      servicequotas.NewFromConfig(cfg),
		IAM:         c.IAM(name),
		Emulated:    c.Custom() != "",
	}
}

// IAM is the client of the partition that the region is in.
func (c *Cloud) IAM(region string) *iam.Client { return iam.NewFromConfig(c.in(Home(region))) }

// STS is the client of the region's own endpoint.
func (c *Cloud) STS(region string) *sts.Client { return sts.NewFromConfig(c.in(region)) }

// KMS is the client of the region's keys.
func (c *Cloud) KMS(region string) *kms.Client { return kms.NewFromConfig(c.in(region)) }

// S3 is the client of one bucket, wherever it is; one that is new is made in the region. Endpoints that stand in for AWS
// have no name for each bucket.
func (c *Cloud) S3(region string) *s3.Client {
	return s3.NewFromConfig(c.in(region), func(o *s3.Options) {
		o.UsePathStyle = c.Custom() != ""
		at := &bucketRegion{EndpointResolverV2: o.EndpointResolverV2}
		if at.EndpointResolverV2 == nil {
			at.EndpointResolverV2 = s3.NewDefaultEndpointResolverV2()
		}
		o.EndpointResolverV2 = at
		o.APIOptions = append(o.APIOptions, at.repeat)
	})
}

// Partition is the part of AWS that a region is in, as in its ARNs.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}

// DNSSuffix is what the names of the region's endpoints end in.
func DNSSuffix(region string) string {
	switch Partition(region) {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}

// Home is where the region's partition keeps what has no region. Every account has it enabled.
func Home(region string) string {
	switch Partition(region) {
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	case "aws-eusc":
		return "eusc-de-east-1"
	}
	return bootRegion
}
