package contract

import (
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

var storageBehaviours = []behaviour{
	{"write what must be new, twice", "PreconditionFailed", func(w *world) string {
		in := w.object("1")
		in.IfNoneMatch = aws.String("*")
		do(w, w.s3.PutObject, in)
		in.Body = strings.NewReader("2")
		return try(w, w.s3.PutObject, in)
	}},
	{"write over a stale ETag", "PreconditionFailed", func(w *world) string {
		in := w.object("1")
		stale := do(w, w.s3.PutObject, in).ETag
		in.Body = strings.NewReader("2")
		do(w, w.s3.PutObject, in)
		in.Body, in.IfMatch = strings.NewReader("3"), stale
		return try(w, w.s3.PutObject, in)
	}},
	{"write over the current ETag", accepted, func(w *world) string {
		in := w.object("1")
		in.IfMatch = do(w, w.s3.PutObject, in).ETag
		in.Body = strings.NewReader("2")
		return try(w, w.s3.PutObject, in)
	}},
	{"write over an ETag of what is missing", "NoSuchKey", func(w *world) string {
		in := w.object("1")
		in.IfMatch = aws.String(`"d41d8cd98f00b204e9800998ecf8427e"`)
		return try(w, w.s3.PutObject, in)
	}},
	{"delete with a stale ETag", "PreconditionFailed", func(w *world) string {
		in := w.object("1")
		do(w, w.s3.PutObject, in)
		return try(w, w.s3.DeleteObject, &s3.DeleteObjectInput{
			Bucket: in.Bucket, Key: in.Key, IfMatch: aws.String(`"d41d8cd98f00b204e9800998ecf8427e"`),
		})
	}},
	{"delete what is missing", accepted, func(w *world) string {
		return try(w, w.s3.DeleteObject, &s3.DeleteObjectInput{Bucket: w.bucket(), Key: aws.String("none")})
	}},
	{"read what is missing", "NoSuchKey", func(w *world) string {
		return try(w, w.s3.GetObject, &s3.GetObjectInput{Bucket: w.bucket(), Key: aws.String("none")})
	}},
	{"read what is written", "1", func(w *world) string {
		in := w.object("1")
		do(w, w.s3.PutObject, in)
		return w.read(&s3.GetObjectInput{Bucket: in.Bucket, Key: in.Key})
	}},
	{"read an old version", "1", func(w *world) string {
		in := w.object("1")
		do(w, w.s3.PutBucketVersioning, &s3.PutBucketVersioningInput{
			Bucket: in.Bucket, VersioningConfiguration: &types.VersioningConfiguration{
				Status: types.BucketVersioningStatusEnabled,
			},
		})
		old := do(w, w.s3.PutObject, in).VersionId
		in.Body = strings.NewReader("2")
		do(w, w.s3.PutObject, in)
		return w.read(&s3.GetObjectInput{Bucket: in.Bucket, Key: in.Key, VersionId: old})
	}},
	{"delete bucket with an object", "BucketNotEmpty", func(w *world) string {
		in := w.object("1")
		do(w, w.s3.PutObject, in)
		return try(w, w.s3.DeleteBucket, &s3.DeleteBucketInput{Bucket: in.Bucket})
	}},
	{"bucket that does not exist", "NotFound", func(w *world) string {
		return try(w, w.s3.HeadBucket, &s3.HeadBucketInput{Bucket: aws.String("none-of-ours-contract")})
	}},
	{"a new bucket's block of public policies", "on", func(w *world) string {
		out := do(w, w.s3.GetPublicAccessBlock, &s3.GetPublicAccessBlockInput{Bucket: w.bucket()})
		if aws.ToBool(out.PublicAccessBlockConfiguration.BlockPublicPolicy) {
			return "on"
		}
		return "off"
	}},
}

// bucket is a new bucket, with a name that no other account has.
func (w *world) bucket() *string {
	account := do(w, w.sts.GetCallerIdentity, &sts.GetCallerIdentityInput{}).Account
	name := aws.String("contract-" + *account)
	do(w, w.s3.CreateBucket, &s3.CreateBucketInput{Bucket: name})
	return name
}

// object asks to write a text into a new bucket.
func (w *world) object(text string) *s3.PutObjectInput {
	return &s3.PutObjectInput{Bucket: w.bucket(), Key: aws.String("state"), Body: strings.NewReader(text)}
}

func (w *world) read(in *s3.GetObjectInput) string {
	out := do(w, w.s3.GetObject, in)
	text, err := io.ReadAll(out.Body)
	if err == nil {
		err = out.Body.Close()
	}
	if err != nil {
		panic(broken{err})
	}
	return string(text)
}
