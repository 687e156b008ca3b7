package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

// BenchmarkCalls is the whole way of a call through the SDK's client and back, with one VPC to describe.
func BenchmarkCalls(b *testing.B) {
	client := ec2Client(sandbox.New(sandbox.Options{}), "eu-west-1")
	made, err := client.CreateVpc(b.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name string
		call func() error
	}{
		{"DescribeVpcs", func() error {
			_, err := client.DescribeVpcs(b.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{*made.Vpc.VpcId}})
			return err
		}},
		{"CreateTags", func() error {
			_, err := client.CreateTags(b.Context(), &ec2.CreateTagsInput{
				Resources: []string{*made.Vpc.VpcId}, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
			})
			return err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.call(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}
