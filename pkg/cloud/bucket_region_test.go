package cloud_test

import (
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// A bucket is found from any region: the first calls are refused and repeated, and the others go to its region.
func TestBucketOfAnotherRegion(t *testing.T) {
	box := sandbox.New(sandbox.Options{})
	c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client: box, Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "secret", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	bucket := aws.String("states")
	if _, err := c.S3("eu-west-1").CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	}); err != nil {
		t.Fatal(err)
	}

	elsewhere := c.S3("us-east-1")
	var puts errgroup.Group
	for _, key := range []string{"a", "b", "c"} {
		puts.Go(func() error {
			_, err := elsewhere.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: bucket, Key: aws.String(key), Body: strings.NewReader("of " + key),
			})
			return err
		})
	}
	if err := puts.Wait(); err != nil {
		t.Fatal(err)
	}
	before := len(box.Calls())
	got, err := elsewhere.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("b")})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(got.Body); string(text) != "of b" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	if calls := len(box.Calls()) - before; calls != 1 {
		t.Errorf("a read took %d calls", calls)
	}
	if exists, err := c.S3("ap-south-1").HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: bucket}); err != nil {
		t.Errorf("an answer without a body: %v, %v", exists, err)
	}
}
