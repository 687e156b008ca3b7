package s3

import (
	"encoding/xml"
	"net/http"
	"strings"

	"provision/pkg/sandbox/policy"
	"provision/pkg/sandbox/wire"
)

// bucketSetting is a document that a bucket has: kept as it was sent, given back as it is.
type bucketSetting struct {
	query   string // the parameter that selects it
	name    string // of its operations, after Put and Get
	root    string // of its XML; empty for JSON
	missing string // the error code when there is none
	initial string // what a new bucket has
	status  int    // of the answer to a Put
}

// bucketSettings have the defaults of buckets made since April 2023: private, owner enforced, encrypted.
var bucketSettings = []*bucketSetting{
	{
		query: "publicAccessBlock", name: "PublicAccessBlock", root: "PublicAccessBlockConfiguration",
		missing: "NoSuchPublicAccessBlockConfiguration", status: http.StatusOK,
		initial: `<PublicAccessBlockConfiguration xmlns="` + Namespace + `"><BlockPublicAcls>true</BlockPublicAcls>` +
			`<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>` +
			`<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>`,
	},
	{
		query: "encryption", name: "BucketEncryption", root: "ServerSideEncryptionConfiguration",
		missing: "ServerSideEncryptionConfigurationNotFoundError", status: http.StatusOK,
		initial: `<ServerSideEncryptionConfiguration xmlns="` + Namespace + `"><Rule>` +
			`<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>` +
			`<BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`,
	},
	{
		query: "ownershipControls", name: "BucketOwnershipControls", root: "OwnershipControls",
		missing: "OwnershipControlsNotFoundError", status: http.StatusOK,
		initial: `<OwnershipControls xmlns="` + Namespace + `"><Rule>` +
			`<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`,
	},
	{
		query: "lifecycle", name: "BucketLifecycleConfiguration", root: "LifecycleConfiguration",
		missing: "NoSuchLifecycleConfiguration", status: http.StatusOK,
	},
	{query: "tagging", name: "BucketTagging", root: "Tagging", missing: "NoSuchTagSet", status: http.StatusNoContent},
	{query: "policy", name: "BucketPolicy", missing: "NoSuchBucketPolicy", status: http.StatusNoContent},
}

func newSettings() map[string]string {
	out := map[string]string{}
	for _, s := range bucketSettings {
		if s.initial != "" {
			out[s.query] = s.initial
		}
	}
	return out
}

func settingOperations() []Operation {
	out := []Operation{
		{"PutBucketVersioning", true, putBucketVersioning},
		{"GetBucketVersioning", false, getBucketVersioning},
	}
	for _, s := range bucketSettings {
		out = append(out, Operation{"Put" + s.name, true, s.put}, Operation{"Get" + s.name, false, s.get},
			Operation{"Delete" + strings.TrimSuffix(s.name, "Configuration"), true, s.remove})
	}
	return out
}

func (s *bucketSetting) put(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	body, _, err := upload(c)
	if err != nil {
		return nil, err
	}
	if s.root == "" {
		err = bucket.checkPolicy(string(body))
	} else if rootOf(body) != s.root {
		err = malformedXML()
	}
	if err != nil {
		return nil, err
	}
	bucket.Settings[s.query] = string(body)
	c.World.Touch()
	return empty(c, s.status), nil
}

func (s *bucketSetting) get(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	document, ok := bucket.Settings[s.query]
	if !ok {
		return nil, failure(s.missing, http.StatusNotFound, "The bucket has no %s", s.name)
	}
	r := wire.XMLReply(c.RequestID, http.StatusOK, []byte(document))
	if s.root == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// remove takes a setting away; a bucket's encryption falls back to the default instead.
func (s *bucketSetting) remove(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	delete(bucket.Settings, s.query)
	if s.query == "encryption" {
		bucket.Settings[s.query] = s.initial
	}
	c.World.Touch()
	return empty(c, http.StatusNoContent), nil
}

// rootOf is the name of a document's root element, or empty if it is not well-formed.
func rootOf(document []byte) string {
	var root struct{ XMLName xml.Name }
	if xml.Unmarshal(document, &root) != nil {
		return ""
	}
	return root.XMLName.Local
}

// checkPolicy refuses what is no policy, and a public one where the bucket blocks those.
func (b *Bucket) checkPolicy(document string) error {
	statements, err := policy.Parse(document)
	if err != nil {
		return wire.Fail("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	var block struct{ BlockPublicPolicy bool }
	if text, ok := b.Settings["publicAccessBlock"]; ok && xml.Unmarshal([]byte(text), &block) != nil {
		return malformedXML()
	}
	for _, s := range statements {
		if len(s.Principal) == 0 {
			return wire.Fail("MalformedPolicy", "Missing required field Principal")
		}
		public := s.Effect == "Allow" && len(s.Condition) == 0 && strings.Contains(string(s.Principal), `"*"`)
		if public && block.BlockPublicPolicy {
			return failure("AccessDenied", http.StatusForbidden,
				"Public policies are prevented by the BlockPublicPolicy setting")
		}
	}
	return nil
}

type versioningView struct {
	XMLName xml.Name
	Status  string `xml:",omitempty"`
}

func putBucketVersioning(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	body, _, err := upload(c)
	if err != nil {
		return nil, err
	}
	var in struct{ Status string }
	if xml.Unmarshal(body, &in) != nil {
		return nil, malformedXML()
	}
	if in.Status != versioningEnabled && in.Status != "Suspended" {
		return nil, failure("IllegalVersioningConfigurationException", http.StatusBadRequest,
			"The Versioning element must be specified")
	}
	bucket.Versioning = in.Status
	c.World.Touch()
	return empty(c, http.StatusOK), nil
}

func getBucketVersioning(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	return document(c, versioningView{
		XMLName: xml.Name{Space: Namespace, Local: "VersioningConfiguration"}, Status: bucket.Versioning,
	})
}
