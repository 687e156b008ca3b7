package state

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// memoryS3 is the heart of S3 without its wire: versions and conditional writes. It makes a thousand fights cheap; that
// it behaves as the sandbox does, the same fights there show.
type memoryS3 struct {
	S3API // nil: what is not below is not called in a fight
	mu    sync.Mutex
	keys  map[string][]memoryVersion // the latest last
}

type memoryVersion struct {
	data    []byte
	written time.Time
}

func (v memoryVersion) etag() string {
	sum := sha256.Sum256(v.data)
	return hex.EncodeToString(sum[:])
}

func (m *memoryS3) GetObject(
	_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	versions := m.keys[*in.Key]
	if len(versions) == 0 {
		return nil, &types.NoSuchKey{}
	}
	v := versions[len(versions)-1]
	if in.VersionId != nil {
		n, err := strconv.Atoi(*in.VersionId)
		if err != nil {
			return nil, err
		}
		v = versions[n]
	}
	return &s3.GetObjectOutput{
		Body: io.NopCloser(bytes.NewReader(v.data)), ETag: aws.String(v.etag()), LastModified: aws.Time(v.written),
	}, nil
}

func (m *memoryS3) PutObject(
	_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options),
) (*s3.PutObjectOutput, error) {
	data, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	versions := m.keys[*in.Key]
	switch {
	case in.IfMatch != nil && len(versions) == 0:
		return nil, &types.NoSuchKey{}
	case in.IfMatch != nil && versions[len(versions)-1].etag() != *in.IfMatch, in.IfNoneMatch != nil && len(versions) > 0:
		return nil, &smithy.GenericAPIError{Code: "PreconditionFailed"}
	}
	v := memoryVersion{data, time.Now()}
	m.keys[*in.Key] = append(versions, v)
	return &s3.PutObjectOutput{ETag: aws.String(v.etag())}, nil
}

func (m *memoryS3) ListObjectsV2(
	_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options),
) (*s3.ListObjectsV2Output, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out s3.ListObjectsV2Output
	for key := range m.keys {
		if strings.HasPrefix(key, *in.Prefix) {
			out.Contents = append(out.Contents, types.Object{Key: aws.String(key)})
		}
	}
	return &out, nil
}

func (m *memoryS3) ListObjectVersions(
	_ context.Context, in *s3.ListObjectVersionsInput, _ ...func(*s3.Options),
) (*s3.ListObjectVersionsOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out s3.ListObjectVersionsOutput
	for key, versions := range m.keys {
		for n := len(versions) - 1; n >= 0 && strings.HasPrefix(key, *in.Prefix); n-- {
			out.Versions = append(out.Versions, types.ObjectVersion{
				Key: aws.String(key), VersionId: aws.String(strconv.Itoa(n)), LastModified: aws.Time(versions[n].written),
				IsLatest: aws.Bool(n == len(versions)-1),
			})
		}
	}
	return &out, nil
}
