package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

func TestKeyPair(t *testing.T) {
	inSite(t, sandbox.Options{}, func(s site) {
		in := &ec2.CreateKeyPairInput{KeyName: aws.String("mine")}
		made := do(s.T, s.CreateKeyPair, in)
		if !strings.HasPrefix(*made.KeyMaterial, "-----BEGIN PRIVATE KEY-----\n") {
			s.Errorf("material: %.40q", *made.KeyMaterial)
		}
		refused(s.T, "InvalidKeyPair.Duplicate", s.CreateKeyPair, in)
		run := s.runInput()
		run.KeyName = in.KeyName
		id := *do(s.T, s.RunInstances, run).Instances[0].InstanceId
		time.Sleep(time.Minute)
		if got := aws.ToString(s.instance(id).KeyName); got != "mine" {
			s.Errorf("the instance has key pair %q", got)
		}
		do(s.T, s.DeleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: in.KeyName})
		if left := do(s.T, s.DescribeKeyPairs, &ec2.DescribeKeyPairsInput{}).KeyPairs; len(left) != 0 {
			s.Errorf("key pairs: %+v", left)
		}
		refused(s.T, "InvalidKeyPair.NotFound", s.DescribeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"mine"}})
	})
}
