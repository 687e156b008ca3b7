package sandbox

import (
	"iter"
	"time"

	"provision/pkg/sandbox/s3"
)

// bucketName says whose a bucket name is.
type bucketName struct{ Account string }

var (
	s3Buckets   = newKind[s3.Bucket]("s3-bucket", "")
	bucketNames = newKind[bucketName]("s3-bucket-claim", "")
)

// s3Everyone is the pseudo account that holds what all accounts share: the names of buckets. It is locked last, while
// the caller's account is, and nothing is locked after it.
const s3Everyone = "s3-namespace"

// s3Area registers the operations of S3.
func s3Area(reg *registry) {
	for _, op := range s3.Operations() {
		traits := reads
		if op.Mutates {
			traits = mutates
		}
		reg.add("s3", op.Name, traits, func(c *call) (any, error) { return op.Handle(c.s3()) })
	}
}

// s3 is the call as S3 sees it.
func (c *call) s3() *s3.Call {
	return &s3.Call{
		HTTP: c.http, Body: c.body, RequestID: c.requestID, Account: c.account.id, Region: c.region.name, World: s3World{c},
	}
}

// s3World is what S3 knows of a call's account.
type s3World struct{ *call }

var _ s3.World = s3World{}

func (w s3World) Now() time.Time                { return w.global.now }
func (w s3World) Bucket(name string) *s3.Bucket { return s3Buckets.get(w.global, name) }
func (w s3World) Buckets() iter.Seq[*s3.Bucket] { return s3Buckets.all(w.global) }
func (w s3World) Put(b *s3.Bucket)              { s3Buckets.put(w.global, b.Name, b) }
func (w s3World) Drop(name string)              { s3Buckets.drop(w.global, name) }
func (w s3World) Touch()                        { w.global.touch() }
func (w s3World) IsRegion(name string) bool     { return placeOf(name) != nil }

func (w s3World) Reserve(name string) bool {
	names, unlock := w.names()
	defer unlock()
	if have := bucketNames.get(names, name); have != nil {
		return have.Account == w.account.id
	}
	bucketNames.put(names, name, &bucketName{Account: w.account.id})
	return true
}

func (w s3World) Release(name string) {
	names, unlock := w.names()
	defer unlock()
	bucketNames.drop(names, name)
}

func (w s3World) Owner(name string) string {
	names, unlock := w.names()
	defer unlock()
	if have := bucketNames.get(names, name); have != nil {
		return have.Account
	}
	return ""
}

func (w s3World) names() (names *region, unlock func()) {
	everyone := w.sandbox.account(s3Everyone)
	everyone.mu.Lock()
	return everyone.region(globalRegion), everyone.mu.Unlock
}
