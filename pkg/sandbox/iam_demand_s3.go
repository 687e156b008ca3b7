package sandbox

import (
	"strings"

	"provision/pkg/sandbox/s3"
)

// s3Actions are the actions of S3 that are not called as the operation is.
var s3Actions = map[string]string{
	"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjects": "ListBucket", "HeadBucket": "ListBucket",
	"ListObjectVersions": "ListBucketVersions", "ListBuckets": "ListAllMyBuckets", "DeleteObjects": "DeleteObject",
	"GetBucketEncryption": "GetEncryptionConfiguration", "PutBucketEncryption": "PutEncryptionConfiguration",
	"GetPublicAccessBlock": "GetBucketPublicAccessBlock", "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
	"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
	"PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
}

// demandsOfS3 are one for the bucket or the object.
func (c *call) demandsOfS3() []demand {
	bucket, key := s3.Target(c.http)
	arn := "arn:aws:s3:::" + bucket
	if key != "" {
		arn += "/" + key
	}
	d := c.demand(arn)
	if action := s3Actions[c.action]; action != "" {
		d.action = "s3:" + action
	}
	if c.http.URL.Query().Has("versionId") && (c.action == "GetObject" || c.action == "DeleteObject") {
		d.action += "Version"
	}
	if prefix := c.http.URL.Query().Get("prefix"); prefix != "" {
		d = d.with("s3:prefix", prefix)
	}
	return append([]demand{d}, c.usesKey()...)
}

// usesKey is the demand of the key of an object that is written or read.
func (c *call) usesKey() []demand {
	action, key := "kms:GenerateDataKey", c.s3().KMSKey()
	if c.action == "GetObject" || c.action == "HeadObject" {
		action, key = "kms:Decrypt", c.s3().KeyOfObject()
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
