package sandbox

import "strings"

// Objects can be encrypted with a key of KMS, which S3 then uses on behalf of who reads and writes them. There is no KMS
// here: a key exists as soon as somebody names it.

const (
	encryptionHeader = "X-Amz-Server-Side-Encryption"
	kmsKeyHeader     = encryptionHeader + "-Aws-Kms-Key-Id"
)

// kmsKey is the ARN of the key that an upload asks for, or empty.
func (c *call) kmsKey() string {
	if c.http.Header.Get(encryptionHeader) != "aws:kms" {
		return ""
	}
	key := c.http.Header.Get(kmsKeyHeader)
	switch {
	case strings.HasPrefix(key, "arn:"):
		return key
	case strings.HasPrefix(key, "alias/"):
		return c.region.arn("kms", key)
	}
	return c.region.arn("kms", "key/"+key)
}

// usesKey is the demand of the key of an object that is written or read.
func (c *call) usesKey() []demand {
	action, key := "kms:GenerateDataKey", c.kmsKey()
	if c.action == "GetObject" || c.action == "HeadObject" {
		action, key = "kms:Decrypt", c.keyOfObject()
	}
	if key == "" {
		return nil
	}
	// An alias stands for a key, which is what is asked for.
	lead, alias, aliased := strings.Cut(key, ":alias/")
	if aliased {
		key = lead + ":key/of-" + alias
	}
	d := c.demand(key).with("kms:ViaService", "s3."+c.region.name+".amazonaws.com")
	if aliased {
		d = d.with("kms:ResourceAliases", "alias/"+alias)
	}
	d.action = action
	return []demand{d}
}

func (c *call) keyOfObject() string {
	name, key := s3Target(c.http)
	bucket := s3Buckets.get(c.global, name)
	if bucket == nil {
		return ""
	}
	if v := bucket.version(key, c.http.URL.Query().Get("versionId")); v != nil {
		return v.Headers[kmsKeyHeader]
	}
	return ""
}
