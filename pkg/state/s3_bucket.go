package state

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"provision/pkg/clock"
	"provision/pkg/cloud"
)

// BucketAPI has the calls that create a bucket. *s3.Client implements it.
type BucketAPI interface {
	s3.HeadBucketAPIClient
	CreateBucket(context.Context, *s3.CreateBucketInput, ...func(*s3.Options)) (*s3.CreateBucketOutput, error)
	GetBucketVersioning(context.Context, *s3.GetBucketVersioningInput, ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	PutBucketVersioning(context.Context, *s3.PutBucketVersioningInput, ...func(*s3.Options)) (*s3.PutBucketVersioningOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	PutBucketEncryption(context.Context, *s3.PutBucketEncryptionInput, ...func(*s3.Options)) (*s3.PutBucketEncryptionOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	PutPublicAccessBlock(context.Context, *s3.PutPublicAccessBlockInput, ...func(*s3.Options)) (*s3.PutPublicAccessBlockOutput, error)
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
	PutBucketPolicy(context.Context, *s3.PutBucketPolicyInput, ...func(*s3.Options)) (*s3.PutBucketPolicyOutput, error)
	GetBucketLifecycleConfiguration(context.Context, *s3.GetBucketLifecycleConfigurationInput, ...func(*s3.Options)) (*s3.GetBucketLifecycleConfigurationOutput, error)
	PutBucketLifecycleConfiguration(context.Context, *s3.PutBucketLifecycleConfigurationInput, ...func(*s3.Options)) (*s3.PutBucketLifecycleConfigurationOutput, error)
}

// BucketOptions are the settings of a new bucket.
type BucketOptions struct {
	Bucket string
	Region string
	KMSKey string // to encrypt with by default; empty: S3's own key
	Owner  string // the account that the bucket must belong to; empty: any
	Days   int32  // that old versions are kept; 0: 90
}

// bucketSetup brings one bucket to what a state needs, and notes what it did.
type bucketSetup struct {
	BucketOptions
	api  BucketAPI
	done []string
}

// InitBucket creates a bucket for states, or completes an existing one: versioned, encrypted, closed to the public and
// to plain HTTP, its old versions removed after a while. It returns what it did, a clause each; nothing if the bucket
// was complete. It keeps a policy and a lifecycle that others set, and says so.
func InitBucket(ctx context.Context, api BucketAPI, o BucketOptions) ([]string, error) {
	if o.Days == 0 {
		o.Days = 90
	}
	if err := CheckBucket(o.Bucket); err != nil {
		return nil, err
	}
	b := &bucketSetup{BucketOptions: o, api: api}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"create", b.create},
		{"close to the public", b.block},
		{"encrypt", b.encrypt},
		{"turn on the versions of", b.version},
		{"refuse plain HTTP to", b.refusePlainHTTP},
		{"limit the old versions of", b.expire},
	} {
		if err := b.settle(ctx, step.do); err != nil {
			return b.done, fmt.Errorf("%s the bucket %s: %w", step.what, o.Bucket, err)
		}
	}
	return b.done, nil
}

// versionMinutes are S3's advice after versions were first turned on: until then reads might not find what was just written
// (S3 user guide, "Enabling versioning on buckets").
const versionMinutes = 15

const (
	settleAttempts  = 10 // two minutes or so
	firstSettleWait = 200 * time.Millisecond
)

// settle repeats a step while not all of S3 knows the bucket yet: its settings spread like EC2's new resources (S3 user
// guide, "Amazon S3 data consistency model").
func (b *bucketSetup) settle(ctx context.Context, step func(context.Context) error) error {
	wait := firstSettleWait
	for try := 1; ; try++ {
		err := step(ctx)
		if !cloud.IsNewBucket(err) || try == settleAttempts {
			return err
		}
		if err := clock.Sleep(ctx, wait); err != nil {
			return err
		}
		wait *= 2
	}
}

// exists reports whether the bucket exists and this identity may use it.
func (b *bucketSetup) exists(ctx context.Context) (bool, error) {
	_, err := b.api.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner()})
	if cloud.IsNoBucket(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the bucket %s (is it another account's, or in another region?): %w", b.Bucket, err)
	}
	return true, nil
}

func (b *bucketSetup) owner() *string { return account(b.Owner) }

// note records an action once it is done: a call that failed has done nothing.
func (b *bucketSetup) note(err error, format string, args ...any) error {
	if err == nil {
		b.done = append(b.done, fmt.Sprintf(format, args...))
	}
	return err
}

func (b *bucketSetup) create(ctx context.Context) error {
	exists, err := b.exists(ctx)
	if err != nil || exists {
		return err
	}
	in := &s3.CreateBucketInput{Bucket: aws.String(b.Bucket)}
	if b.Region != "us-east-1" { // which has no name as a location
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(b.Region),
		}
	}
	_, err = b.api.CreateBucket(ctx, in)
	if cloud.Code(err) == "BucketAlreadyOwnedByYou" { // another run made it, or the answer to an earlier try was lost
		return nil
	}
	return b.note(err, "created the bucket %s in %s", b.Bucket, b.Region)
}

func (b *bucketSetup) block(ctx context.Context) error {
	out, err := b.api.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner()})
	if err != nil && !cloud.IsUnset(err) {
		return err
	}
	if err == nil && out.PublicAccessBlockConfiguration != nil {
		have := out.PublicAccessBlockConfiguration
		if aws.ToBool(have.BlockPublicAcls) && aws.ToBool(have.BlockPublicPolicy) && aws.ToBool(have.IgnorePublicAcls) &&
			aws.ToBool(have.RestrictPublicBuckets) {
			return nil
		}
	}
	_, err = b.api.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(),
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true),
			RestrictPublicBuckets: aws.Bool(true),
		},
	})
	return b.note(err, "closed it to the public")
}

func (b *bucketSetup) encrypt(ctx context.Context) error {
	want := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}
	if b.KMSKey != "" {
		want.SSEAlgorithm, want.KMSMasterKeyID = types.ServerSideEncryptionAwsKms, aws.String(b.KMSKey)
	}
	out, err := b.api.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner()})
	if err != nil && !cloud.IsUnset(err) {
		return err
	}
	if err == nil && b.encrypted(out.ServerSideEncryptionConfiguration) {
		return nil
	}
	_, err = b.api.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{
				ApplyServerSideEncryptionByDefault: want, BucketKeyEnabled: aws.Bool(b.KMSKey != ""),
			}},
		},
	})
	return b.note(err, "turned on encryption of new objects (%s)", want.SSEAlgorithm)
}

// encrypted says whether the bucket encrypts with the wanted key; with none wanted, any will do.
func (b *bucketSetup) encrypted(have *types.ServerSideEncryptionConfiguration) bool {
	if have == nil {
		return false
	}
	for _, rule := range have.Rules {
		by := rule.ApplyServerSideEncryptionByDefault
		if by != nil && (b.KMSKey == "" || aws.ToString(by.KMSMasterKeyID) == b.KMSKey) {
			return true
		}
	}
	return false
}

func (b *bucketSetup) version(ctx context.Context) error {
	out, err := b.api.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner()})
	if err != nil || out.Status == types.BucketVersioningStatusEnabled {
		return err
	}
	_, err = b.api.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	return b.note(err, "turned on versions: S3 advises to wait %d minutes before the first write", versionMinutes)
}

func (b *bucketSetup) refusePlainHTTP(ctx context.Context) error {
	out, err := b.api.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner()})
	if err != nil && !cloud.IsUnset(err) {
		return err
	}
	if err == nil {
		if !strings.Contains(aws.ToString(out.Policy), "aws:SecureTransport") {
			return b.note(nil, "left its policy as it is: it does not refuse plain HTTP")
		}
		return nil
	}
	policy, err := json.Marshal(b.tlsOnly())
	if err != nil {
		return err
	}
	_, err = b.api.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(), Policy: aws.String(string(policy)),
	})
	return b.note(err, "closed it to plain HTTP")
}

// tlsOnly is the policy of the AWS Config rule "s3-bucket-ssl-requests-only".
func (b *bucketSetup) tlsOnly() any {
	arn := "arn:" + cloud.Partition(b.Region) + ":s3:::" + b.Bucket
	return map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Sid": "TLSOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": []string{arn, arn + "/*"},
			"Condition": map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}},
		}},
	}
}

func (b *bucketSetup) expire(ctx context.Context) error {
	_, err := b.api.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(),
	})
	if !cloud.IsUnset(err) {
		return err // nil: the bucket's owner decided already
	}
	_, err = b.api.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String(b.Bucket), ExpectedBucketOwner: b.owner(),
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("old-versions"), Status: types.ExpirationStatusEnabled,
			Filter:                         &types.LifecycleRuleFilter{Prefix: aws.String("")},
			NoncurrentVersionExpiration:    &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(b.Days)},
			AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(1)},
		}}},
	})
	return b.note(err, "set old versions to be removed after %d days", b.Days)
}
