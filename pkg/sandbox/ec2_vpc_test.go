package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/sandbox"
)

func TestVPC(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, client := t.Context(), ec2Client(sandbox.New(sandbox.Options{}), "eu-west-1")
		made, err := client.CreateVpc(ctx, &ec2.CreateVpcInput{
			CidrBlock: aws.String("10.1.0.0/16"),
			TagSpecifications: []types.TagSpecification{{
				ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("a & b")}},
			}},
		})
		if err != nil || made.Vpc.State != types.VpcStatePending {
			t.Fatalf("create: %v %v", made, err)
		}
		time.Sleep(time.Second)
		found, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{
			Filters: []types.Filter{{Name: aws.String("tag:Name"), Values: []string{"a & *"}}},
		})
		if err != nil || len(found.Vpcs) != 1 || found.Vpcs[0].State != types.VpcStateAvailable {
			t.Fatalf("describe: %v %v", found, err)
		}
		if got := aws.ToString(found.Vpcs[0].Tags[0].Value); got != "a & b" {
			t.Errorf("tag %q", got)
		}
		if _, err := client.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId}); err != nil {
			t.Error(err)
		}
		_, err = client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{*made.Vpc.VpcId}})
		if got := code(t, err); got != "InvalidVpcID.NotFound" {
			t.Errorf("describe what was deleted: %s", got)
		}
	})
}
