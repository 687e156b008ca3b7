package sandbox

import (
	"encoding/xml"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// s3Bucket is a bucket with all that is in it.
type s3Bucket struct {
	Name       string
	Region     string
	Created    time.Time
	Versioning string                  // empty until it is first set
	Settings   map[string]string       // documents by their parameter in the query
	Objects    map[string][]*s3Version // by key, the latest last; never an empty list
	Written    uint64                  // how many versions got an ID
}

const versioningEnabled = "Enabled"

var (
	s3Buckets = newKind[s3Bucket]("s3-bucket", "")

	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

func s3BucketOperations(reg *registry) {
	reg.add("s3", "CreateBucket", mutates, createBucket)
	reg.add("s3", "HeadBucket", reads, headBucket)
	reg.add("s3", "DeleteBucket", mutates, deleteBucket)
	reg.add("s3", "ListBuckets", reads, listBuckets)
	reg.add("s3", "GetBucketLocation", reads, getBucketLocation)
}

func createBucket(c *call) (any, error) {
	name, _ := s3Target(c.http)
	if !validBucketName(name) {
		return nil, fail("InvalidBucketName", "The specified bucket is not valid.")
	}
	if err := checkLocation(c); err != nil {
		return nil, err
	}
	if have := s3Buckets.get(c.global, name); have != nil {
		if have.Region == "us-east-1" && c.region.name == have.Region {
			return bucketCreated(c, name), nil // as it has always been there; see CreateBucket, "BucketAlreadyOwnedByYou"
		}
		return nil, s3Error("BucketAlreadyOwnedByYou", http.StatusConflict,
			"Your previous request to create the named bucket succeeded and you already own it.")
	}
	if !c.sandbox.claimBucket(name, c.account.id) {
		return nil, s3Error("BucketAlreadyExists", http.StatusConflict, "The requested bucket name is not available. "+
			"The bucket namespace is shared by all users of the system. Please select a different name and try again.")
	}
	s3Buckets.put(c.global, name, &s3Bucket{
		Name: name, Region: c.region.name, Created: c.global.now, Settings: newSettings(), Objects: map[string][]*s3Version{},
	})
	return bucketCreated(c, name), nil
}

func bucketCreated(c *call, name string) *reply {
	r := s3Empty(c, http.StatusOK)
	r.header.Set("Location", "/"+name)
	return r
}

// checkLocation compares the wanted location with the region that was called: us-east-1 has no name as a location.
func checkLocation(c *call) error {
	var in struct{ LocationConstraint string }
	if len(c.body) > 0 && xml.Unmarshal(c.body, &in) != nil {
		return malformedXML()
	}
	want := in.LocationConstraint
	switch {
	case want == "us-east-1" || want != "" && placeOf(want) == nil && want != "EU":
		return fail("InvalidLocationConstraint", "The specified location-constraint is not valid")
	case want == c.region.name || want == "" && c.region.name == "us-east-1":
		return nil
	case want == "":
		want = "unspecified"
	}
	return fail("IllegalLocationConstraintException",
		"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", want)
}

func validBucketName(name string) bool {
	return bucketName.MatchString(name) && !strings.Contains(name, "..") && net.ParseIP(name) == nil
}

func headBucket(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	r := s3Empty(c, http.StatusOK)
	r.header.Set("X-Amz-Bucket-Region", bucket.Region)
	return r, nil
}

func deleteBucket(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	if len(bucket.Objects) > 0 {
		return nil, s3Error("BucketNotEmpty", http.StatusConflict, "The bucket you tried to delete is not empty")
	}
	s3Buckets.drop(c.global, bucket.Name)
	c.sandbox.releaseBucket(bucket.Name)
	return s3Empty(c, http.StatusNoContent), nil
}

func getBucketLocation(c *call) (any, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	out := struct {
		XMLName xml.Name
		Region  string `xml:",chardata"`
	}{XMLName: xml.Name{Space: s3Namespace, Local: "LocationConstraint"}}
	if bucket.Region != "us-east-1" {
		out.Region = bucket.Region
	}
	return s3XML(c, out)
}

type bucketView struct {
	Name         string
	CreationDate string
	BucketRegion string
}

func listBuckets(c *call) (any, error) {
	out := struct {
		XMLName xml.Name
		Buckets []bucketView `xml:"Buckets>Bucket"`
	}{XMLName: xml.Name{Space: s3Namespace, Local: "ListAllMyBucketsResult"}}
	for b := range s3Buckets.all(c.global) {
		out.Buckets = append(out.Buckets, bucketView{b.Name, b.Created.UTC().Format(wireTime), b.Region})
	}
	slices.SortFunc(out.Buckets, func(a, b bucketView) int { return strings.Compare(a.Name, b.Name) })
	return s3XML(c, out)
}

// bucketOf is the bucket that the request is about, if it is the account's and in the region that was called.
func bucketOf(c *call) (*s3Bucket, error) {
	name, _ := s3Target(c.http)
	bucket := s3Buckets.get(c.global, name)
	owner := c.http.Header.Get("X-Amz-Expected-Bucket-Owner")
	switch {
	case bucket == nil && c.sandbox.bucketOwner(name) == "":
		return nil, noBucket()
	case bucket == nil || owner != "" && owner != c.account.id:
		return nil, s3Error("AccessDenied", http.StatusForbidden, "Access Denied")
	case bucket.Region != c.region.name:
		return nil, s3Error("PermanentRedirect", http.StatusMovedPermanently, "The bucket you are attempting to access "+
			"must be addressed using the specified endpoint. Please send all future requests to this endpoint: "+
			"s3.%s.amazonaws.com", bucket.Region)
	}
	return bucket, nil
}
