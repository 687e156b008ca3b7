package sandbox_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"

	"provision/pkg/sandbox"
)

// awsConfig is what the SDK needs to talk to a sandbox, without retries.
func awsConfig(s *sandbox.Sandbox, region string) aws.Config {
	return aws.Config{
		Region: region, HTTPClient: s, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func ec2Client(s *sandbox.Sandbox, region string) *ec2.Client {
	return ec2.NewFromConfig(awsConfig(s, region))
}

// code is the AWS error code of err; another kind of error ends the test.
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("not an error of AWS's: %v", err)
	}
	return api.ErrorCode()
}

func must[T any](t *testing.T) func(T, error) T {
	return func(out T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}
