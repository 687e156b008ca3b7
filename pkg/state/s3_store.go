package state

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	parallelReads = 16
	s3Linger      = 500 * time.Millisecond // how long IDs that no caller waits for gather, since each write creates a version
)

// S3 keeps a stack's state in a bucket: one object for each region, one that names the owner, and one for each
// region's lock. So runs on different machines may each work on some regions.
type S3 struct {
	objects
	base  string // of all keys
	stack string
	lease time.Duration
	now   func() time.Time

	jitter func(time.Duration) time.Duration // at random, below the given one
}

// S3Options are how a state is kept in S3.
type S3Options struct {
	Options
	Lease  time.Duration // after which a lock that is not renewed is free; 0: a minute
	KMSKey string        // to encrypt with; empty: as the bucket does
	Owner  string        // the account that the bucket must belong to; empty: any
}

// NewS3 keeps a stack's state in a bucket, under prefix/stack/.
func NewS3(api S3API, bucket, prefix, stack string, opts S3Options) *S3 {
	lease := opts.Lease
	if lease == 0 {
		lease = time.Minute
	}
	return &S3{
		objects: objects{api: api, bucket: bucket, kmsKey: opts.KMSKey, owner: opts.Owner}, base: path.Join(prefix, stack), stack: stack,
		lease: lease, now: opts.now(), jitter: rand.N[time.Duration],
	}
}

// ParseS3URL takes an s3://bucket/prefix apart; ok says whether it is one.
func ParseS3URL(url string) (bucket, prefix string, ok bool) {
	rest, ok := strings.CutPrefix(url, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	return bucket, strings.Trim(prefix, "/"), ok && bucket != ""
}

// CheckBucket refuses S3's other kinds of buckets, such as directory buckets: a state needs versions and conditional
// writes.
func CheckBucket(name string) error {
	for suffix, what := range map[string]string{
		"--x-s3": "a directory bucket, which keeps no versions", "--table-s3": "a table bucket",
		"--ol-s3": "an Object Lambda access point, which can't be written", ".mrap": "a multi-region access point, whose " +
			"buckets don't see each other's locks at once",
	} {
		if strings.HasSuffix(name, suffix) {
			return fmt.Errorf("%s is %s: keep the state in a general purpose bucket", name, what)
		}
	}
	return nil
}

// Location implements [Store].
func (s *S3) Location() string { return s.url(s.base) }

func (s *S3) headKey() string              { return s.base + "/head.json" }
func (s *S3) partKey(region string) string { return s.partsPrefix() + region + ".json" }
func (s *S3) partsPrefix() string          { return s.base + "/regions/" }

// part is what one object holds: a document with one region at most, and who wrote it. The head's has none.
type part struct {
	Document
	Fence fence `json:"fence"`
}

// fence is the lock under which a part was written. A run that gets a region's lock writes its part before anything
// else: from then on the condition of every write under an older lock fails.
type fence struct {
	Generation uint64 `json:"generation"` // rises each time the lock is taken
	Run        string `json:"run"`        // a ULID: no two runs ever write the same bytes
}

// readPart is the part at a key; with a nil object if there is none.
func (s *S3) readPart(ctx context.Context, key string) (part, *object, error) {
	o, err := s.get(ctx, key)
	if err != nil || o == nil {
		return part{}, nil, err
	}
	var p part
	return p, o, unsealPart(s.url(key), o.data, &p)
}

func unsealPart(location string, data []byte, p *part) error {
	if err := unseal(location, data, p); err != nil {
		return err
	}
	if len(p.Regions) > 1 {
		return &CorruptError{Location: location, Cause: "it holds more than one region"}
	}
	return nil
}

// Load implements [Store].
func (s *S3) Load(ctx context.Context) (Document, error) {
	d, _, err := s.load(ctx)
	return d, err
}

// headView is the head's object as it was read; the zero value if there is none.
type headView struct{ owner, etag string }

func (s *S3) load(ctx context.Context) (Document, headView, error) {
	head, o, err := s.readPart(ctx, s.headKey())
	if err != nil {
		return Document{}, headView{}, err
	}
	parts, err := s.readParts(ctx)
	if err != nil {
		return Document{}, headView{}, err
	}
	d, err := s.merge(head.Document, parts)
	return d, headView{head.Owner, o.tag()}, err
}

// readParts reads every region's part.
func (s *S3) readParts(ctx context.Context) ([]part, error) {
	keys, err := s.list(ctx, s.partsPrefix())
	if err != nil {
		return nil, err
	}
	parts := make([]part, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelReads)
	for i, key := range keys {
		group.Go(func() (err error) {
			parts[i], _, err = s.readPart(ctx, key)
			return err
		})
	}
	return parts, group.Wait()
}

// merge puts a document together. Parts that hold no resource are not asked whose they are: they may be of a stack
// that was here before.
func (s *S3) merge(head Document, parts []part) (Document, error) {
	d := head
	d.Regions = map[string]Region{}
	for _, p := range parts {
		if d.Fresh() && !p.Fresh() && !p.Empty() {
			d.Schema, d.Head = p.Schema, p.Head // the head was lost, and each part has a copy
		}
	}
	for _, p := range parts {
		switch {
		case p.Fresh() || p.Owner != d.Owner && p.Empty():
			continue
		case p.Owner != d.Owner:
			return Document{}, &CorruptError{
				Location: s.Location(),
				Cause:    fmt.Sprintf("%v is of owner %s, and the rest of %s", p.RegionNames(), p.Owner, d.Owner),
			}
		}
		d.Serial += p.Serial
		if p.Updated.After(d.Updated) {
			d.Updated = p.Updated
		}
		maps.Copy(d.Regions, p.Regions)
	}
	return d, nil
}

// CheckWritable implements [Store]. That the bucket may be written, taking a lock will tell.
func (s *S3) CheckWritable(ctx context.Context) error {
	if err := CheckBucket(s.bucket); err != nil {
		return &UnwritableError{Location: s.Location(), Err: err}
	}
	_, err := s.get(ctx, s.headKey())
	if _, missing := errors.AsType[*NoBucketError](err); missing {
		return err
	}
	if err != nil {
		return &UnwritableError{Location: s.Location(), Err: err}
	}
	return nil
}
