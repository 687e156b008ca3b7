// Package s3 is the part of S3 that keeps and inspects a remote state: buckets, their settings, objects and versions.
//
// It must not know the other services, nor how the sandbox keeps what it has: all that it needs of the account is [World].
// Every bucket belongs to a region, and every name to one account of all. Calls are served one at a time, so a
// ConditionalRequestConflict never arises on its own: it is a fault to inject.
package s3

import (
	"encoding/xml"
	"iter"
	"net/http"
	"slices"
	"time"

	"provision/pkg/sandbox/wire"
)

// Namespace is that of S3's documents.
const Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// World is the buckets of an account, and of whom bucket names are. All calls are made while nothing else changes it.
type World interface {
	Now() time.Time // in the account
	Bucket(name string) *Bucket
	Buckets() iter.Seq[*Bucket]
	Put(*Bucket)
	Drop(name string)
	Touch() // notes that a bucket has changed

	Reserve(name string) bool // takes a name for the account, unless it is another's
	Release(name string)
	Owner(name string) string // the account that has a name, or empty

	IsRegion(name string) bool
}

// Call is one request.
type Call struct {
	HTTP      *http.Request
	Body      []byte // as sent
	RequestID string
	Account   string // whose call it is
	Region    string // that was called
	World     World
}

// Operation is one of S3's. One that returns an error has changed nothing.
type Operation struct {
	Name    string
	Mutates bool
	Handle  func(*Call) (*wire.Reply, error)
}

// Operations are all that there are.
func Operations() []Operation {
	return slices.Concat(bucketOperations, settingOperations(), objectOperations, listOperations)
}

// Now is the time in S3. It is real time even where the sandbox's own goes faster: leases are kept in objects, by
// programs that live in real time.
func Now() time.Time { return time.Now() }

func failure(code string, status int, format string, args ...any) *wire.Error {
	return wire.FailWith(status, code, format, args...)
}

// NoBucket is the answer for a bucket that does not exist.
func NoBucket() *wire.Error {
	return failure("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist")
}

func noSuchKey() *wire.Error {
	return failure("NoSuchKey", http.StatusNotFound, "The specified key does not exist.")
}

func preconditionFailed() *wire.Error {
	return failure("PreconditionFailed", http.StatusPreconditionFailed,
		"At least one of the pre-conditions you specified did not hold")
}

func malformedXML() *wire.Error {
	return wire.Fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our schema")
}

func notImplementedHeader(header string) *wire.Error {
	return failure("NotImplemented", http.StatusNotImplemented,
		"A header you provided implies functionality that is not implemented: %s", header)
}

// document is an answer with a document of which v has the root.
func document(c *Call, v any) (*wire.Reply, error) {
	text, err := xml.Marshal(v)
	if err != nil {
		return nil, err
	}
	return wire.XMLReply(c.RequestID, http.StatusOK, append([]byte(xml.Header), text...)), nil
}

// empty is an answer without a body.
func empty(c *Call, status int) *wire.Reply {
	return &wire.Reply{Status: status, Header: http.Header{"X-Amz-Request-Id": {c.RequestID}}}
}
