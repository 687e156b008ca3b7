package state

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"provision/pkg/sandbox"
)

const (
	someBucket = "states"
	someRegion = "eu-west-1"
)

// s3Client talks to a sandbox, without the SDK's retries: every lost answer reaches the code that is tested.
func s3Client(box *sandbox.Sandbox) *s3.Client {
	return s3.NewFromConfig(aws.Config{
		Region: someRegion, HTTPClient: box, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}, func(o *s3.Options) { o.UsePathStyle = true })
}

// newBucket is a sandbox with a bucket for states.
func newBucket(t *testing.T, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	box := sandbox.New(o)
	if _, err := InitBucket(t.Context(), s3Client(box), BucketOptions{Bucket: someBucket, Region: someRegion}); err != nil {
		t.Fatal(err)
	}
	return box
}

// newS3 is a store in a sandbox.
func newS3(box *sandbox.Sandbox) *S3 {
	return NewS3(s3Client(box), someBucket, "teams/a", "web", S3Options{
		Options: Options{Now: func() time.Time { return someTime }}, Lease: time.Minute,
	})
}
