package s3

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"

	"provision/pkg/sandbox/wire"
)

const maxKey = 1024 // bytes

var objectOperations = []Operation{
	{"PutObject", true, putObject},
	{"GetObject", false, getObject},
	{"HeadObject", false, getObject},
	{"DeleteObject", true, deleteObject},
	{"DeleteObjects", true, deleteObjects},
}

func putObject(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := Target(c.HTTP)
	if len(key) > maxKey {
		return nil, wire.Fail("KeyTooLongError", "Your key is too long")
	}
	body, headers, err := upload(c)
	if err != nil {
		return nil, err
	}
	if err := mayWrite(c.HTTP.Header, bucket.current(key)); err != nil {
		return nil, err
	}
	v := &Version{Body: body, Modified: Now(), Headers: headers}
	v.describe(c.HTTP.Header)
	if key := c.KMSKey(); key != "" {
		v.Headers[encryptionHeader], v.Headers[kmsKeyHeader] = "aws:kms", key
	}
	bucket.put(key, v)
	c.World.Touch()
	r := empty(c, http.StatusOK)
	for name, value := range headers {
		if strings.HasPrefix(name, checksumHeader) || strings.HasPrefix(name, encryptionHeader) {
			r.Header.Set(name, value)
		}
	}
	v.identify(bucket, r.Header)
	return r, nil
}

// describe keeps what is given back with the object.
func (v *Version) describe(sent http.Header) {
	v.Headers["Content-Type"] = "binary/octet-stream"
	for name := range sent {
		switch name {
		case "Content-Type", "Cache-Control", "Content-Disposition", "Content-Language", "Expires":
			v.Headers[name] = sent.Get(name)
		case "Content-Encoding":
			rest := strings.ReplaceAll(strings.ReplaceAll(sent.Get(name), "aws-chunked,", ""), "aws-chunked", "")
			if rest = strings.TrimSpace(rest); rest != "" {
				v.Headers[name] = rest
			}
		}
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			v.Headers[name] = sent.Get(name)
		}
	}
}

// identify writes the headers that say which version an answer is about.
func (v *Version) identify(b *Bucket, into http.Header) {
	if !v.Marker {
		into.Set("ETag", v.etag())
		into.Set(encryptionHeader, cmp.Or(v.Headers[encryptionHeader], "AES256"))
	}
	if b.Versioning != "" {
		into.Set("X-Amz-Version-Id", v.ID)
	}
}

// mayWrite checks the conditions of a write on the current version. See "How to prevent object overwrites with
// conditional writes".
func mayWrite(sent http.Header, current *Version) error {
	match, noneMatch := sent.Get("If-Match"), sent.Get("If-None-Match")
	switch {
	case noneMatch != "" && (noneMatch != "*" || match != ""):
		return notImplementedHeader("If-None-Match")
	case match == "*":
		return notImplementedHeader("If-Match")
	case noneMatch != "" && current != nil:
		return preconditionFailed()
	case match != "" && current == nil:
		return noSuchKey()
	case match != "" && !sameTag(match, current):
		return preconditionFailed()
	}
	return nil
}

// sameTag compares an entity tag, with or without its quotes.
func sameTag(tag string, v *Version) bool {
	return strings.Trim(tag, `"`) == strings.Trim(v.etag(), `"`)
}

// getObject serves HeadObject too: net/http leaves the body out for that method.
func getObject(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := Target(c.HTTP)
	wanted := c.HTTP.URL.Query().Get("versionId")
	v := bucket.version(key, wanted)
	switch {
	case v == nil && wanted != "":
		return nil, failure("NoSuchVersion", http.StatusNotFound, "The specified version does not exist.")
	case v == nil, v.Marker && wanted == "":
		return nil, noSuchKey()
	case v.Marker:
		return nil, failure("MethodNotAllowed", http.StatusMethodNotAllowed,
			"The specified method is not allowed against this resource.")
	}
	if match := c.HTTP.Header.Get("If-Match"); match != "" && match != "*" && !sameTag(match, v) {
		return nil, preconditionFailed()
	}
	w := wire.NewRecorder(http.Header{"X-Amz-Request-Id": {c.RequestID}})
	for name, value := range v.Headers {
		if !strings.HasPrefix(name, checksumHeader) || c.HTTP.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
			w.Header().Set(name, value)
		}
	}
	v.identify(bucket, w.Header())
	http.ServeContent(w, plainTag(c.HTTP), "", v.Modified, bytes.NewReader(v.Body))
	return &w.Reply, nil
}

// plainTag is the request with its If-None-Match in quotes, which S3 does not insist on but net/http does.
func plainTag(req *http.Request) *http.Request {
	tag := req.Header.Get("If-None-Match")
	if tag == "" || tag == "*" || strings.HasPrefix(tag, `"`) {
		return req
	}
	quoted := req.Clone(req.Context())
	quoted.Header.Set("If-None-Match", `"`+tag+`"`)
	return quoted
}

func deleteObject(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := Target(c.HTTP)
	gone, err := bucket.take(c.World, key, c.HTTP.URL.Query().Get("versionId"), c.HTTP.Header.Get("If-Match"))
	if err != nil {
		return nil, err
	}
	r := empty(c, http.StatusNoContent)
	if gone != nil && bucket.Versioning != "" {
		r.Header.Set("X-Amz-Version-Id", gone.ID)
		if gone.Marker {
			r.Header.Set("X-Amz-Delete-Marker", "true")
		}
	}
	return r, nil
}

// take deletes an object or one version of it, on the condition that the current version has a tag, if one is given.
// It returns the version that was deleted for good, or the delete marker that was made. See "How to perform
// conditional deletes".
func (b *Bucket) take(in World, key, version, match string) (*Version, error) {
	if match != "" {
		current := b.current(key)
		switch {
		case len(b.Objects[key]) == 0:
			return nil, noSuchKey()
		case current == nil, match != "*" && !sameTag(match, current):
			return nil, preconditionFailed()
		}
	}
	defer in.Touch()
	if version != "" {
		if b.version(key, version) == nil {
			return nil, nil
		}
		return b.erase(key, version), nil
	}
	return b.remove(key, Now()), nil
}
