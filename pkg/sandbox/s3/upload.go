package s3

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what Content-MD5 is
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"provision/pkg/sandbox/wire"
)

// upload is what a request carries, freed of aws-chunked and checked against all the checksums that it came with, and
// the headers that are kept of those checksums.
func upload(c *Call) (body []byte, kept map[string]string, err error) {
	sent := c.HTTP.Header
	body, trailers, err := plainBody(c)
	if err != nil {
		return nil, nil, err
	}
	if want := sent.Get("X-Amz-Decoded-Content-Length"); want != "" && want != strconv.Itoa(len(body)) {
		return nil, nil, wire.Fail("IncompleteBody",
			"You did not provide the number of bytes specified by the Content-Length HTTP header")
	}
	if sum := sha256.Sum256(body); !hashMatches(sent.Get("X-Amz-Content-Sha256"), hex.EncodeToString(sum[:])) {
		return nil, nil, wire.Fail("XAmzContentSHA256Mismatch",
			"The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	whole := md5.Sum(body) //nolint:gosec // as above
	if !hashMatches(sent.Get("Content-Md5"), base64.StdEncoding.EncodeToString(whole[:])) {
		return nil, nil, wire.Fail("BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	name, value, ok := checksum(body, sent.Get, http.Header(trailers).Get)
	if !ok {
		return nil, nil, wire.Fail("BadDigest",
			"The %s you specified did not match the calculated checksum.", strings.ToUpper(name))
	}
	kept = map[string]string{}
	if name != "" {
		kept[textproto.CanonicalMIMEHeaderKey(checksumHeader+name)] = value
		kept["X-Amz-Checksum-Type"] = "FULL_OBJECT"
	}
	return body, kept, nil
}

// hashMatches compares a hash that a header may hold. Words in capitals there say that the body is not signed.
func hashMatches(sent, computed string) bool {
	return sent == "" || sent == computed || strings.HasPrefix(sent, "STREAMING-") || sent == "UNSIGNED-PAYLOAD"
}

// plainBody is the request's body without its chunks, and the trailers after them.
func plainBody(c *Call) ([]byte, textproto.MIMEHeader, error) {
	sent := c.HTTP.Header
	if !strings.HasPrefix(sent.Get("X-Amz-Content-Sha256"), "STREAMING-") &&
		!strings.Contains(sent.Get("Content-Encoding"), "aws-chunked") {
		return c.Body, nil, nil
	}
	body, trailers, err := decodeChunked(bytes.NewReader(c.Body))
	if err != nil {
		return nil, nil, wire.Fail("InvalidRequest", "%v", err)
	}
	return body, trailers, nil
}
