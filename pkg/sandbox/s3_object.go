package sandbox

import (
	"bytes"
	"cmp"
	"net/http"
	"strings"
)

const maxKey = 1024 // bytes

func s3ObjectOperations(reg *registry) {
	reg.add("s3", "PutObject", mutates, putObject)
	reg.add("s3", "GetObject", reads, getObject)
	reg.add("s3", "HeadObject", reads, getObject)
	reg.add("s3", "DeleteObject", mutates, deleteObject)
	reg.add("s3", "DeleteObjects", mutates, deleteObjects)
}

func putObject(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := s3Target(c.http)
	if len(key) > maxKey {
		return nil, fail("KeyTooLongError", "Your key is too long")
	}
	body, headers, err := upload(c)
	if err != nil {
		return nil, err
	}
	if err := mayWrite(c.http.Header, bucket.current(key)); err != nil {
		return nil, err
	}
	v := &s3Version{Body: body, Modified: s3Now(), Headers: headers}
	v.describe(c.http.Header)
	if key := c.kmsKey(); key != "" {
		v.Headers[encryptionHeader], v.Headers[kmsKeyHeader] = "aws:kms", key
	}
	bucket.put(key, v)
	c.global.touch()
	r := s3Empty(c, http.StatusOK)
	for name, value := range headers {
		if strings.HasPrefix(name, checksumHeader) || strings.HasPrefix(name, encryptionHeader) {
			r.header.Set(name, value)
		}
	}
	v.identify(bucket, r.header)
	return r, nil
}

// describe keeps what is given back with the object.
func (v *s3Version) describe(sent http.Header) {
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
func (v *s3Version) identify(b *s3Bucket, into http.Header) {
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
func mayWrite(sent http.Header, current *s3Version) error {
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
func sameTag(tag string, v *s3Version) bool {
	return strings.Trim(tag, `"`) == strings.Trim(v.etag(), `"`)
}

// getObject serves HeadObject too: net/http leaves the body out for that method.
func getObject(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := s3Target(c.http)
	wanted := c.http.URL.Query().Get("versionId")
	v := bucket.version(key, wanted)
	switch {
	case v == nil && wanted != "":
		return nil, s3Error("NoSuchVersion", http.StatusNotFound, "The specified version does not exist.")
	case v == nil, v.Marker && wanted == "":
		return nil, noSuchKey()
	case v.Marker:
		return nil, s3Error("MethodNotAllowed", http.StatusMethodNotAllowed,
			"The specified method is not allowed against this resource.")
	}
	if match := c.http.Header.Get("If-Match"); match != "" && match != "*" && !sameTag(match, v) {
		return nil, preconditionFailed()
	}
	w := &recorder{reply{status: http.StatusOK, header: http.Header{"X-Amz-Request-Id": {c.requestID}}}}
	for name, value := range v.Headers {
		if !strings.HasPrefix(name, checksumHeader) || c.http.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
			w.header.Set(name, value)
		}
	}
	v.identify(bucket, w.header)
	http.ServeContent(w, plainTag(c.http), "", v.Modified, bytes.NewReader(v.Body))
	return &w.reply, nil
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

func deleteObject(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	_, key := s3Target(c.http)
	gone, err := bucket.take(c.global, key, c.http.URL.Query().Get("versionId"), c.http.Header.Get("If-Match"))
	if err != nil {
		return nil, err
	}
	r := s3Empty(c, http.StatusNoContent)
	if gone != nil && bucket.Versioning != "" {
		r.header.Set("X-Amz-Version-Id", gone.ID)
		if gone.Marker {
			r.header.Set("X-Amz-Delete-Marker", "true")
		}
	}
	return r, nil
}

// take deletes an object or one version of it, on the condition that the current version has a tag, if one is given.
// It returns the version that was deleted for good, or the delete marker that was made. See "How to perform
// conditional deletes".
func (b *s3Bucket) take(r *region, key, version, match string) (*s3Version, error) {
	if match != "" {
		current := b.current(key)
		switch {
		case len(b.Objects[key]) == 0:
			return nil, noSuchKey()
		case current == nil, match != "*" && !sameTag(match, current):
			return nil, preconditionFailed()
		}
	}
	defer r.touch()
	if version != "" {
		if b.version(key, version) == nil {
			return nil, nil
		}
		return b.erase(key, version), nil
	}
	return b.remove(key, s3Now()), nil
}
