package s3

import "strings"

// Objects can be encrypted with a key of KMS, which S3 then uses on behalf of who reads and writes them. There is no KMS
// here: a key exists as soon as a call names it.

const (
	encryptionHeader = "X-Amz-Server-Side-Encryption"
	kmsKeyHeader     = encryptionHeader + "-Aws-Kms-Key-Id"
)

// KMSKey is the ARN of the key that an upload asks for, or empty.
func (c *Call) KMSKey() string {
	if c.HTTP.Header.Get(encryptionHeader) != "aws:kms" {
		return ""
	}
	key := c.HTTP.Header.Get(kmsKeyHeader)
	switch {
	case strings.HasPrefix(key, "arn:"):
		return key
	case strings.HasPrefix(key, "alias/"):
		return c.kmsARN(key)
	}
	return c.kmsARN("key/" + key)
}

// KeyOfObject is the ARN of the key of the object that is read, or empty.
func (c *Call) KeyOfObject() string {
	name, key := Target(c.HTTP)
	bucket := c.World.Bucket(name)
	if bucket == nil {
		return ""
	}
	if v := bucket.version(key, c.HTTP.URL.Query().Get("versionId")); v != nil {
		return v.Headers[kmsKeyHeader]
	}
	return ""
}

func (c *Call) kmsARN(resource string) string {
	return "arn:aws:kms:" + c.Region + ":" + c.Account + ":" + resource
}
