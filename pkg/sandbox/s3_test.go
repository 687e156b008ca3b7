package sandbox_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"provision/pkg/sandbox"
)

func s3Client(s *sandbox.Sandbox, region string, options ...func(*s3.Options)) *s3.Client {
	return s3.NewFromConfig(awsConfig(s, region), options...)
}

// bucketIn creates a bucket in a region.
func bucketIn(t *testing.T, client *s3.Client, region, name string) {
	t.Helper()
	in := &s3.CreateBucketInput{Bucket: aws.String(name)}
	if region != "us-east-1" {
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(region),
		}
	}
	do(t, client.CreateBucket, in)
}

// versioned switches a bucket's versioning on.
func versioned(t *testing.T, client *s3.Client, bucket string) {
	t.Helper()
	do(t, client.PutBucketVersioning, &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(bucket),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
}

func written(t *testing.T, client *s3.Client, bucket, key, body string) *s3.PutObjectOutput {
	t.Helper()
	return do(t, client.PutObject, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(body),
	})
}

func read(t *testing.T, client *s3.Client, in *s3.GetObjectInput) string {
	t.Helper()
	out := do(t, client.GetObject, in)
	body, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Body.Close(); err != nil {
		t.Error(err)
	}
	return string(body)
}

// Both ways of addressing a bucket, with bodies sent as they are and in signed or unsigned chunks.
func TestObjectRoundTrip(t *testing.T) {
	for name, options := range map[string]func(*s3.Options){
		"virtual-hosted": func(*s3.Options) {},
		"path-style":     func(o *s3.Options) { o.UsePathStyle = true },
		"no checksum":    func(o *s3.Options) { o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired },
	} {
		t.Run(name, func(t *testing.T) {
			s := sandbox.New(sandbox.Options{})
			client := s3Client(s, "eu-west-1", options)
			bucketIn(t, client, "eu-west-1", "state")
			put := do(t, client.PutObject, &s3.PutObjectInput{
				Bucket: aws.String("state"), Key: aws.String("a b/ü+1.json"), Body: strings.NewReader(`{"n":1}`),
				ContentType: aws.String("application/json"), Metadata: map[string]string{"serial": "7"},
			})
			out := do(t, client.GetObject, &s3.GetObjectInput{
				Bucket: aws.String("state"), Key: aws.String("a b/ü+1.json"),
			})
			body, err := io.ReadAll(out.Body)
			if err != nil || string(body) != `{"n":1}` {
				t.Errorf("body %q %v", body, err)
			}
			if *out.ETag != *put.ETag || *out.ContentType != "application/json" || out.Metadata["serial"] != "7" {
				t.Errorf("got %+v", out)
			}
			head := do(t, client.HeadObject, &s3.HeadObjectInput{
				Bucket: aws.String("state"), Key: aws.String("a b/ü+1.json"),
			})
			if *head.ContentLength != 7 || *head.ETag != *put.ETag {
				t.Errorf("head: %+v", head)
			}
			refused(t, "NotFound", client.HeadObject, &s3.HeadObjectInput{Bucket: aws.String("state"), Key: aws.String("none")})
		})
	}
}

func TestConditionalWrites(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	first := written(t, client, "state", "k", "1").ETag
	second := written(t, client, "state", "k", "2").ETag
	for name, c := range map[string]struct {
		key              string
		match, noneMatch *string
		want             string
	}{
		"new, must be new":    {key: "new", noneMatch: aws.String("*")},
		"there, must be new":  {key: "k", noneMatch: aws.String("*"), want: "PreconditionFailed"},
		"stale":               {key: "k", match: first, want: "PreconditionFailed"},
		"missing, must match": {key: "none", match: first, want: "NoSuchKey"},
		"none match of a tag": {key: "k", noneMatch: second, want: "NotImplemented"},
		"match of anything":   {key: "k", match: aws.String("*"), want: "NotImplemented"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, c.want, client.PutObject, &s3.PutObjectInput{
				Bucket: aws.String("state"), Key: aws.String(c.key), Body: strings.NewReader("3"),
				IfMatch: c.match, IfNoneMatch: c.noneMatch,
			})
		})
	}
	do(t, client.PutObject, &s3.PutObjectInput{
		Bucket: aws.String("state"), Key: aws.String("k"), Body: strings.NewReader("3"), IfMatch: second,
	})
	if got := read(t, client, &s3.GetObjectInput{Bucket: aws.String("state"), Key: aws.String("k")}); got != "3" {
		t.Errorf("read %q", got)
	}
}

func TestConditionalReadsAndDeletes(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	tag := written(t, client, "state", "k", "1").ETag
	refused(t, "NotModified", client.GetObject, &s3.GetObjectInput{
		Bucket: aws.String("state"), Key: aws.String("k"), IfNoneMatch: tag,
	})
	refused(t, "PreconditionFailed", client.GetObject, &s3.GetObjectInput{
		Bucket: aws.String("state"), Key: aws.String("k"), IfMatch: aws.String(`"x"`),
	})
	for _, c := range []struct{ key, match, want string }{
		{"k", `"x"`, "PreconditionFailed"},
		{"none", "*", "NoSuchKey"},
		{"k", *tag, ""},
		{"k", "", ""},
		{"k", *tag, "NoSuchKey"},
	} {
		in := &s3.DeleteObjectInput{Bucket: aws.String("state"), Key: aws.String(c.key)}
		if c.match != "" {
			in.IfMatch = aws.String(c.match)
		}
		refused(t, c.want, client.DeleteObject, in)
	}
}

func TestVersions(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	bucket, key := aws.String("state"), aws.String("k")
	versioned(t, client, "state")
	old := written(t, client, "state", "k", "old").VersionId
	written(t, client, "state", "k", "new")
	if got := read(t, client, &s3.GetObjectInput{Bucket: bucket, Key: key, VersionId: old}); got != "old" {
		t.Errorf("the old version is %q", got)
	}
	gone := do(t, client.DeleteObject, &s3.DeleteObjectInput{Bucket: bucket, Key: key})
	if !*gone.DeleteMarker {
		t.Error("deleted without a marker")
	}
	refused(t, "NoSuchKey", client.GetObject, &s3.GetObjectInput{Bucket: bucket, Key: key})
	refused(t, "PreconditionFailed", client.DeleteObject, &s3.DeleteObjectInput{
		Bucket: bucket, Key: key, IfMatch: aws.String("*"),
	})
	refused(t, "BucketNotEmpty", client.DeleteBucket, &s3.DeleteBucketInput{Bucket: bucket})
	all := do(t, client.ListObjectVersions, &s3.ListObjectVersionsInput{Bucket: bucket})
	if len(all.Versions) != 2 || len(all.DeleteMarkers) != 1 || !*all.DeleteMarkers[0].IsLatest {
		t.Fatalf("versions %v, markers %v", all.Versions, all.DeleteMarkers)
	}
	// Without its marker the object is back.
	do(t, client.DeleteObject, &s3.DeleteObjectInput{
		Bucket: bucket, Key: key, VersionId: all.DeleteMarkers[0].VersionId,
	})
	if got := read(t, client, &s3.GetObjectInput{Bucket: bucket, Key: key}); got != "new" {
		t.Errorf("read %q", got)
	}
}

func TestEmptyingABucket(t *testing.T) {
	ctx, client := t.Context(), s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	versioned(t, client, "state")
	for _, key := range []string{"a", "a", "b", "c", "a"} {
		written(t, client, "state", key, "x")
	}
	pager := s3.NewListObjectVersionsPaginator(client, &s3.ListObjectVersionsInput{
		Bucket: aws.String("state"), MaxKeys: aws.Int32(2),
	})
	var found []types.ObjectIdentifier
	for pager.HasMorePages() {
		for _, v := range must[*s3.ListObjectVersionsOutput](t)(pager.NextPage(ctx)).Versions {
			found = append(found, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
	}
	if len(found) != 5 {
		t.Fatalf("found %d versions", len(found))
	}
	out := do(t, client.DeleteObjects, &s3.DeleteObjectsInput{
		Bucket: aws.String("state"), Delete: &types.Delete{Objects: found},
	})
	if len(out.Deleted) != 5 || len(out.Errors) != 0 {
		t.Errorf("deleted %v, errors %v", out.Deleted, out.Errors)
	}
	do(t, client.DeleteBucket, &s3.DeleteBucketInput{Bucket: aws.String("state")})
	refused(t, "NotFound", client.HeadBucket, &s3.HeadBucketInput{Bucket: aws.String("state")})
}

func TestListObjects(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	for _, key := range []string{"p/eu/1", "p/eu/2", "p/us/1", "p/top", "q"} {
		written(t, client, "state", key, "x")
	}
	pager := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{
		Bucket: aws.String("state"), Prefix: aws.String("p/"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(1),
	})
	var got []string
	for pager.HasMorePages() {
		page := must[*s3.ListObjectsV2Output](t)(pager.NextPage(t.Context()))
		for _, p := range page.CommonPrefixes {
			got = append(got, *p.Prefix)
		}
		for _, o := range page.Contents {
			got = append(got, *o.Key)
		}
	}
	if diff := cmp.Diff([]string{"p/eu/", "p/top", "p/us/"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestBucketNames(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	ctx, client := t.Context(), s3Client(s, "eu-west-1")
	create := func(client *s3.Client, name, location string) string {
		in := &s3.CreateBucketInput{Bucket: aws.String(name)}
		if location != "" {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(location),
			}
		}
		_, err := client.CreateBucket(ctx, in)
		return code(t, err)
	}
	other := awsConfig(s, "eu-west-1")
	other.Credentials = credentials.NewStaticCredentialsProvider("000011112222", "secret", "")
	stranger := s3.NewFromConfig(other)
	for _, c := range []struct {
		what           string
		client         *s3.Client
		name, location string
		want           string
	}{
		{"new", client, "state", "eu-west-1", ""},
		{"my own", client, "state", "eu-west-1", "BucketAlreadyOwnedByYou"},
		{"another account's", stranger, "state", "eu-west-1", "BucketAlreadyExists"},
		{"no location", client, "state-2", "", "IllegalLocationConstraintException"},
		{"another region's location", client, "state-2", "us-west-2", "IllegalLocationConstraintException"},
		{"no region", client, "state-2", "moon-1", "InvalidLocationConstraint"},
		{"capitals", client, "State", "eu-west-1", "InvalidBucketName"},
		{"us-east-1 has no name", s3Client(s, "us-east-1"), "state-3", "us-east-1", "InvalidLocationConstraint"},
		{"in us-east-1", s3Client(s, "us-east-1"), "state-3", "", ""},
		{"in us-east-1, my own", s3Client(s, "us-east-1"), "state-3", "", ""},
	} {
		if got := create(c.client, c.name, c.location); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
	refused(t, "AccessDenied", stranger.GetBucketVersioning, &s3.GetBucketVersioningInput{Bucket: aws.String("state")})
	refused(t, "PermanentRedirect", s3Client(s, "us-east-1").GetBucketVersioning, &s3.GetBucketVersioningInput{
		Bucket: aws.String("state"),
	})
	where := do(t, client.GetBucketLocation, &s3.GetBucketLocationInput{Bucket: aws.String("state")})
	if where.LocationConstraint != types.BucketLocationConstraintEuWest1 {
		t.Errorf("location %q", where.LocationConstraint)
	}
}

func TestBucketSettings(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	bucket := aws.String("state")
	block := do(t, client.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: bucket})
	if !*block.PublicAccessBlockConfiguration.BlockPublicPolicy {
		t.Error("a new bucket lets itself be made public")
	}
	do(t, client.PutBucketEncryption, &s3.PutBucketEncryptionInput{
		Bucket: bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
				SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String("alias/state"),
			}}},
		},
	})
	encrypted := do(t, client.GetBucketEncryption, &s3.GetBucketEncryptionInput{Bucket: bucket})
	got := encrypted.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault
	if got.SSEAlgorithm != types.ServerSideEncryptionAwsKms || *got.KMSMasterKeyID != "alias/state" {
		t.Errorf("encryption %+v", got)
	}
	refused(t, "NoSuchLifecycleConfiguration", client.GetBucketLifecycleConfiguration,
		&s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	rule := types.LifecycleRule{
		ID: aws.String("old"), Status: types.ExpirationStatusEnabled,
		Filter:                      &types.LifecycleRuleFilter{Prefix: aws.String("")},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(90)},
	}
	do(t, client.PutBucketLifecycleConfiguration, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{rule}},
	})
	life := do(t, client.GetBucketLifecycleConfiguration, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	if len(life.Rules) != 1 || *life.Rules[0].NoncurrentVersionExpiration.NoncurrentDays != 90 {
		t.Errorf("lifecycle %+v", life.Rules)
	}
}

func TestBucketPolicy(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	bucket := aws.String("state")
	const tlsOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*",` +
		`"Resource":["arn:aws:s3:::state","arn:aws:s3:::state/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	for _, c := range []struct{ policy, want string }{
		{tlsOnly, ""},
		{"{", "MalformedPolicy"},
		{`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`, "AccessDenied"},
	} {
		refused(t, c.want, client.PutBucketPolicy, &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(c.policy)})
	}
	kept := do(t, client.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: bucket})
	if *kept.Policy != tlsOnly {
		t.Errorf("kept %s", *kept.Policy)
	}
	do(t, client.DeleteBucketPolicy, &s3.DeleteBucketPolicyInput{Bucket: bucket})
	refused(t, "NoSuchBucketPolicy", client.GetBucketPolicy, &s3.GetBucketPolicyInput{Bucket: bucket})
}

// An operation that the sandbox lacks says which one it is.
func TestUnknownS3Operation(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	_, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: aws.String("state"), Key: aws.String("k"),
	})
	if got := code(t, err); got != "NotImplemented" || !strings.Contains(err.Error(), "uploads") {
		t.Errorf("got %v", err)
	}
}

// Calls are served one at a time, so a conflict between two writers is a fault to inject.
func TestConflictIsInjected(t *testing.T) {
	s := sandbox.New(sandbox.Options{Faults: faults(t, "*/s3:PutObject#1/code=ConditionalRequestConflict")})
	client := s3Client(s, "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	in := &s3.PutObjectInput{
		Bucket: aws.String("state"), Key: aws.String("k"), Body: strings.NewReader("1"), IfNoneMatch: aws.String("*"),
	}
	refused(t, "ConditionalRequestConflict", client.PutObject, in)
	in.Body = strings.NewReader("1")
	do(t, client.PutObject, in)
}

// The content of buckets and the owners of their names outlive the process.
func TestBucketsArePersistent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.json")
	s := open(t, path, sandbox.Options{})
	client := s3Client(s, "eu-west-1")
	bucketIn(t, client, "eu-west-1", "state")
	versioned(t, client, "state")
	tag := written(t, client, "state", "k", "kept").ETag
	closeSandbox(t, s)

	s = open(t, path, sandbox.Options{})
	defer closeSandbox(t, s)
	client = s3Client(s, "eu-west-1")
	in := &s3.GetObjectInput{Bucket: aws.String("state"), Key: aws.String("k"), IfMatch: tag}
	if got := read(t, client, in); got != "kept" {
		t.Errorf("read %q", got)
	}
	config := awsConfig(s, "us-east-1")
	config.Credentials = credentials.NewStaticCredentialsProvider("000011112222", "secret", "")
	refused(t, "BucketAlreadyExists", s3.NewFromConfig(config).CreateBucket, &s3.CreateBucketInput{Bucket: aws.String("state")})
}

// A sub-resource that the sandbox does not know must not be taken for the bucket itself.
func TestS3RefusesUnknownSubresources(t *testing.T) {
	client := s3Client(sandbox.New(sandbox.Options{}), "us-east-1")
	bucketIn(t, client, "us-east-1", "state")
	refused(t, "NotImplemented", client.DeleteBucketCors, &s3.DeleteBucketCorsInput{Bucket: aws.String("state")})
	refused(t, "NotImplemented", client.PutBucketLogging, &s3.PutBucketLoggingInput{
		Bucket: aws.String("other"), BucketLoggingStatus: &types.BucketLoggingStatus{},
	})
	do(t, client.HeadBucket, &s3.HeadBucketInput{Bucket: aws.String("state")})
	refused(t, "NotFound", client.HeadBucket, &s3.HeadBucketInput{Bucket: aws.String("other")})
}
