package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// S3API is what keeping a state calls. *s3.Client implements it.
type S3API interface {
	s3.ListObjectsV2APIClient
	s3.ListObjectVersionsAPIClient
	s3.HeadBucketAPIClient
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

const (
	putAttempts  = 5
	firstPutWait = 200 * time.Millisecond // doubled each time
)

// objects are the objects of a bucket, each written on the condition that it is still what the writer takes it for.
type objects struct {
	api    S3API
	bucket string
	kmsKey string // empty: the bucket's own encryption
	owner  string // the account that the bucket must belong to; empty: any
}

// object is one as it was read. A nil object does not exist.
type object struct {
	data []byte
	etag string
	age  time.Duration // since it was written, by S3's clock
}

func (o *object) tag() string {
	if o == nil {
		return ""
	}
	return o.etag
}

// get reads an object. It is nil where there is none; a bucket that is not there is an error.
func (b objects) get(ctx context.Context, key string) (*object, error) {
	return b.getVersion(ctx, key, "")
}

func (b objects) getVersion(ctx context.Context, key, version string) (*object, error) {
	in := &s3.GetObjectInput{Bucket: aws.String(b.bucket), Key: aws.String(key), ExpectedBucketOwner: account(b.owner)}
	if version != "" {
		in.VersionId = aws.String(version)
	}
	out, err := b.api.GetObject(ctx, in)
	switch {
	case cloud.IsNoBucket(err):
		return nil, b.missing()
	case cloud.IsNoObject(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", b.url(key), err)
	}
	data, err := io.ReadAll(io.LimitReader(out.Body, maxSize+1))
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", b.url(key), err)
	}
	now, ok := awsmiddleware.GetServerTime(out.ResultMetadata)
	if !ok {
		now = time.Now()
	}
	return &object{data, aws.ToString(out.ETag), now.Sub(aws.ToTime(out.LastModified))}, nil
}

// put writes an object if its tag is still the given one, or, with an empty tag, if there is none. [ErrStale] says that
// it is not, and that nothing was written. Where an answer is lost, the object itself tells: no two writers ever write
// the same bytes.
func (b objects) put(ctx context.Context, key string, data []byte, etag string) (string, error) {
	wait := firstPutWait
	for try := 1; ; try++ {
		out, err := b.api.PutObject(ctx, b.putInput(key, data, etag))
		if err == nil {
			return aws.ToString(out.ETag), nil
		}
		err = fmt.Errorf("write %s: %w", b.url(key), err)
		switch {
		case cloud.IsNoBucket(err):
			return "", b.missing()
		case !cloud.IsConditionFailed(err) && cloud.Classify(err) != graph.Ambiguous:
			return "", err
		}
		there, readErr := b.get(ctx, key)
		switch {
		case readErr != nil:
			return "", errors.Join(err, readErr)
		case there != nil && bytes.Equal(there.data, data):
			return there.etag, nil
		case there.tag() != etag:
			return "", fmt.Errorf("%s: %w", b.url(key), ErrStale)
		case try == putAttempts:
			return "", err
		}
		if err := clock.Sleep(ctx, wait); err != nil {
			return "", err
		}
		wait *= 2
	}
}

func (b objects) putInput(key string, data []byte, etag string) *s3.PutObjectInput {
	in := &s3.PutObjectInput{
		Bucket: aws.String(b.bucket), ExpectedBucketOwner: account(b.owner), Key: aws.String(key), Body: bytes.NewReader(data),
		ContentType:       aws.String("application/json"),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32, // a bucket with Object Lock wants one, whatever the AWS configuration says
	}
	if etag == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = aws.String(etag)
	}
	if b.kmsKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String(b.kmsKey)
	}
	return in
}

// remove deletes an object if its tag is still the given one.
func (b objects) remove(ctx context.Context, key, etag string) error {
	in := &s3.DeleteObjectInput{
		Bucket: aws.String(b.bucket), ExpectedBucketOwner: account(b.owner), Key: aws.String(key), IfMatch: aws.String(etag),
	}
	_, err := b.api.DeleteObject(ctx, in)
	if cloud.IsNotImplemented(err) { // a stand-in for S3: the lock alone must do
		in.IfMatch = nil
		_, err = b.api.DeleteObject(ctx, in)
	}
	switch {
	case cloud.IsNoObject(err):
		return nil
	case cloud.IsConditionFailed(err):
		return fmt.Errorf("%s: %w", b.url(key), ErrStale)
	case err != nil:
		return fmt.Errorf("delete %s: %w", b.url(key), err)
	}
	return nil
}

// list is the keys under a prefix.
func (b objects) list(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.api, &s3.ListObjectsV2Input{
		Bucket: aws.String(b.bucket), ExpectedBucketOwner: account(b.owner), Prefix: aws.String(prefix),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if cloud.IsNoBucket(err) {
			return nil, b.missing()
		}
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", b.url(prefix), err)
		}
		for _, found := range page.Contents {
			keys = append(keys, aws.ToString(found.Key))
		}
	}
	return keys, nil
}

// account is the owner that a bucket must have, as S3's calls take it; nil allows any.
func account(id string) *string {
	if id == "" {
		return nil
	}
	return aws.String(id)
}

func (b objects) url(key string) string { return "s3://" + b.bucket + "/" + key }

func (b objects) missing() error { return &NoBucketError{Bucket: b.bucket} }
