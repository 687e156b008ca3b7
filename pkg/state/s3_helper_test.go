package state

import (
	"context"
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

// overtakenS3 lets another run act in the moment before a key is written.
type overtakenS3 struct {
	S3API
	key string
	act func()
}

func (a overtakenS3) PutObject(ctx context.Context, in *s3.PutObjectInput, o ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if aws.ToString(in.Key) == a.key {
		a.act()
	}
	return a.S3API.PutObject(ctx, in, o...)
}

// overtaken is a store in whose key another run, which sees the same bucket, acts before each write.
func overtaken(s *S3, key string, act func()) *S3 {
	other := *s
	other.api = overtakenS3{s.api, key, act}
	return &other
}
