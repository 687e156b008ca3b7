package sandbox

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"time"
)

// Every bucket belongs to a region, and every name to one account of all. Calls are served one at a time, so a
// ConditionalRequestConflict never arises by itself: it is a fault to inject.

const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// s3Area registers the subset of S3 that keeps and inspects a remote state.
func s3Area(reg *registry) {
	reg.routes["s3"] = s3Route
	s3BucketOperations(reg)
	s3SettingOperations(reg)
	s3ObjectOperations(reg)
	s3ListOperations(reg)
}

// s3Now is the time in S3. It is real time even where the sandbox's own goes faster: leases are kept in objects, by
// programs that live in real time.
func s3Now() time.Time { return time.Now() }

func s3Error(code string, status int, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: status}
}

func noBucket() *Error {
	return s3Error("NoSuchBucket", http.StatusNotFound, "The specified bucket does not exist")
}

func noSuchKey() *Error {
	return s3Error("NoSuchKey", http.StatusNotFound, "The specified key does not exist.")
}

func preconditionFailed() *Error {
	return s3Error("PreconditionFailed", http.StatusPreconditionFailed,
		"At least one of the pre-conditions you specified did not hold")
}

func malformedXML() *Error {
	return fail("MalformedXML", "The XML you provided was not well-formed or did not validate against our schema")
}

func notImplementedHeader(header string) *Error {
	return s3Error("NotImplemented", http.StatusNotImplemented,
		"A header you provided implies functionality that is not implemented: %s", header)
}

// s3XML is an answer with a document of which v has the root.
func s3XML(c *call, v any) (*reply, error) {
	text, err := xml.Marshal(v)
	if err != nil {
		return nil, err
	}
	return xmlReply(c, http.StatusOK, bytes.NewBuffer(append([]byte(xml.Header), text...))), nil
}

// s3Empty is an answer without a body.
func s3Empty(c *call, status int) *reply {
	return &reply{status, http.Header{"X-Amz-Request-Id": {c.requestID}}, nil}
}
