package state

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
)

// unowned notes the calls that would reach any owner of a bucket of that name.
type unowned struct {
	box   *sandbox.Sandbox
	owner string

	mu    sync.Mutex // guards what follows: versions are read side by side
	calls []string
	total int
}

func (u *unowned) Do(r *http.Request) (*http.Response, error) {
	creates := r.Method == http.MethodPut && r.URL.RawQuery == "" && strings.Count(strings.Trim(r.URL.Path, "/"), "/") == 0
	u.mu.Lock()
	u.total++
	if r.Header.Get("X-Amz-Expected-Bucket-Owner") != u.owner && !creates {
		u.calls = append(u.calls, r.Method+" "+r.URL.String())
	}
	u.mu.Unlock()
	return u.box.Do(r)
}

// If another account takes over the bucket's name, it gets no state, and the program reads none from there: every call
// names the bucket's expected owner, except CreateBucket, which has no such parameter.
func TestEveryCallNamesTheBucketsOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &unowned{box: sandbox.New(sandbox.Options{}), owner: sandbox.DefaultAccount}
		api := s3.NewFromConfig(aws.Config{
			Region: someRegion, HTTPClient: u, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		}, func(o *s3.Options) { o.UsePathStyle = true })
		_, err := InitBucket(t.Context(), api, BucketOptions{Bucket: someBucket, Region: someRegion, Owner: u.owner})
		mustDo(t, err)
		s := NewS3(api, someBucket, "teams/a", "web", S3Options{Owner: u.owner})
		mustDo(t, s.CheckWritable(t.Context()))
		lock := mustAcquire(t, s, "eu-west-1", Global)
		w := mustOpen(t, lock)
		mustDo(t, w.Journal("eu-west-1").Claim(t.Context(), claims("vpc")), w.Close(t.Context()))
		mustLoad(t, s)
		history, err := s.History(t.Context())
		mustDo(t, err)
		_, err = s.LoadVersion(t.Context(), history[0].ID)
		mustDo(t, err, lock.Release(t.Context()))
		_, err = s.Unlock(t.Context())
		mustDo(t, err)
		if len(u.calls) > 0 || u.total < 20 {
			t.Errorf("of %d calls, these do not say whose bucket they mean: %q", u.total, u.calls)
		}

		stranger := NewS3(api, someBucket, "teams/a", "web", S3Options{Owner: "444455556666"})
		if _, err := stranger.Load(t.Context()); !cloud.IsDenied(err) {
			t.Errorf("a bucket of another account: %v", err)
		}
	})
}

// An object whose key is gone is there all the same: it is never read as "no stack here".
func TestStateWithoutItsKeyIsNoEmptyState(t *testing.T) {
	for _, code := range []string{"KMS.NotFoundException", "KMS.DisabledException", "AccessDenied"} {
		fault, err := sandbox.ParseFault("*/s3:GetObject#1/code=" + code)
		mustDo(t, err)
		box := newBucket(t, sandbox.Options{Faults: []sandbox.Fault{fault}})
		d, err := newS3(box).Load(t.Context())
		if cloud.Code(err) != code || !d.Fresh() {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// InitBucket reports an action only after it has succeeded.
func TestInitBucketTellsOnlyWhatItDid(t *testing.T) {
	for action, said := range map[string]string{
		"PutBucketVersioning": "versions", "PutBucketPolicy": "plain HTTP",
		"PutBucketLifecycleConfiguration": "old versions", "CreateBucket": "made",
	} {
		fault, err := sandbox.ParseFault("*/s3:" + action + "#1/code=AccessDenied")
		mustDo(t, err)
		box := sandbox.New(sandbox.Options{Faults: []sandbox.Fault{fault}})
		done, err := InitBucket(t.Context(), s3Client(box), BucketOptions{Bucket: someBucket, Region: someRegion})
		if !cloud.IsDenied(err) || strings.Contains(strings.Join(done, "\n"), said) {
			t.Errorf("%s was refused: said %q, error %v", action, done, err)
		}
	}
}

// late is a run that looked before another run created the bucket.
type late struct{ *s3.Client }

func (late) HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error) {
	return nil, &types.NotFound{}
}

// Another run can create the bucket between the look and the call.
func TestInitBucketThatIsOursAlready(t *testing.T) {
	api := s3Client(sandbox.New(sandbox.Options{}))
	_, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String(someBucket),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: someRegion},
	})
	mustDo(t, err)
	done, err := InitBucket(t.Context(), late{api}, BucketOptions{Bucket: someBucket, Region: someRegion})
	if err != nil || len(done) == 0 || strings.Contains(done[0], "made") {
		t.Errorf("%q, %v", done, err)
	}
}

func TestOtherKindsOfBucketsAreRefused(t *testing.T) {
	for _, name := range []string{"states--use1-az4--x-s3", "states--table-s3", "states--ol-s3", "states.mrap"} {
		api := s3Client(sandbox.New(sandbox.Options{}))
		_, err := InitBucket(t.Context(), api, BucketOptions{Bucket: name, Region: someRegion})
		if err == nil || !strings.Contains(err.Error(), "general purpose bucket") {
			t.Errorf("%s: init says %v", name, err)
		}
		if err := NewS3(api, name, "", "web", S3Options{}).CheckWritable(t.Context()); err == nil {
			t.Errorf("%s: a state can be kept there", name)
		}
	}
}
