package s3

import (
	"encoding/xml"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"provision/pkg/sandbox/wire"
)

// Bucket is a bucket with all that is in it.
type Bucket struct {
	Name       string
	Region     string
	Created    time.Time
	Versioning string                // empty until it is first set
	Settings   map[string]string     // documents by their parameter in the query
	Objects    map[string][]*Version // by key, the latest last; never an empty list
	Written    uint64                // how many versions got an ID
}

const versioningEnabled = "Enabled"

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

var bucketOperations = []Operation{
	{"CreateBucket", true, createBucket},
	{"HeadBucket", false, headBucket},
	{"DeleteBucket", true, deleteBucket},
	{"ListBuckets", false, listBuckets},
	{"GetBucketLocation", false, getBucketLocation},
}

func createBucket(c *Call) (*wire.Reply, error) {
	name, _ := Target(c.HTTP)
	if !validBucketName(name) {
		return nil, wire.Fail("InvalidBucketName", "The specified bucket is not valid.")
	}
	if err := checkLocation(c); err != nil {
		return nil, err
	}
	if have := c.World.Bucket(name); have != nil {
		if have.Region == "us-east-1" && c.Region == have.Region {
			return bucketCreated(c, name), nil // as it has always been there; see CreateBucket, "BucketAlreadyOwnedByYou"
		}
		return nil, failure("BucketAlreadyOwnedByYou", http.StatusConflict,
			"Your previous request to create the named bucket succeeded and you already own it.")
	}
	if !c.World.Reserve(name) {
		return nil, failure("BucketAlreadyExists", http.StatusConflict, "The requested bucket name is not available. "+
			"The bucket namespace is shared by all users of the system. Please select a different name and try again.")
	}
	c.World.Put(&Bucket{
		Name: name, Region: c.Region, Created: c.World.Now(), Settings: newSettings(), Objects: map[string][]*Version{},
	})
	return bucketCreated(c, name), nil
}

func bucketCreated(c *Call, name string) *wire.Reply {
	r := empty(c, http.StatusOK)
	r.Header.Set("Location", "/"+name)
	return r
}

// checkLocation compares the wanted location with the region that was called: us-east-1 has no name as a location.
func checkLocation(c *Call) error {
	var in struct{ LocationConstraint string }
	if len(c.Body) > 0 && xml.Unmarshal(c.Body, &in) != nil {
		return malformedXML()
	}
	want := in.LocationConstraint
	switch {
	case want == "us-east-1" || want != "" && !c.World.IsRegion(want) && want != "EU":
		return wire.Fail("InvalidLocationConstraint", "The specified location-constraint is not valid")
	case want == c.Region || want == "" && c.Region == "us-east-1":
		return nil
	case want == "":
		want = "unspecified"
	}
	return wire.Fail("IllegalLocationConstraintException",
		"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", want)
}

func validBucketName(name string) bool {
	return bucketName.MatchString(name) && !strings.Contains(name, "..") && net.ParseIP(name) == nil
}

func headBucket(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	r := empty(c, http.StatusOK)
	r.Header.Set("X-Amz-Bucket-Region", bucket.Region)
	return r, nil
}

func deleteBucket(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	if len(bucket.Objects) > 0 {
		return nil, failure("BucketNotEmpty", http.StatusConflict, "The bucket you tried to delete is not empty")
	}
	c.World.Drop(bucket.Name)
	c.World.Release(bucket.Name)
	return empty(c, http.StatusNoContent), nil
}

func getBucketLocation(c *Call) (*wire.Reply, error) {
	bucket, err := bucketOf(c)
	if err != nil {
		return nil, err
	}
	out := struct {
		XMLName xml.Name
		Region  string `xml:",chardata"`
	}{XMLName: xml.Name{Space: Namespace, Local: "LocationConstraint"}}
	if bucket.Region != "us-east-1" {
		out.Region = bucket.Region
	}
	return document(c, out)
}

type bucketView struct {
	Name         string
	CreationDate string
	BucketRegion string
}

func listBuckets(c *Call) (*wire.Reply, error) {
	out := struct {
		XMLName xml.Name
		Buckets []bucketView `xml:"Buckets>Bucket"`
	}{XMLName: xml.Name{Space: Namespace, Local: "ListAllMyBucketsResult"}}
	for b := range c.World.Buckets() {
		out.Buckets = append(out.Buckets, bucketView{b.Name, b.Created.UTC().Format(wire.Time), b.Region})
	}
	slices.SortFunc(out.Buckets, func(a, b bucketView) int { return strings.Compare(a.Name, b.Name) })
	return document(c, out)
}

// bucketOf is the bucket that the request is about, if it is the account's and in the region that was called.
func bucketOf(c *Call) (*Bucket, error) {
	name, _ := Target(c.HTTP)
	bucket := c.World.Bucket(name)
	owner := c.HTTP.Header.Get("X-Amz-Expected-Bucket-Owner")
	switch {
	case bucket == nil && c.World.Owner(name) == "":
		return nil, NoBucket()
	case bucket == nil || owner != "" && owner != c.Account:
		return nil, failure("AccessDenied", http.StatusForbidden, "Access Denied")
	case bucket.Region != c.Region:
		err := failure("PermanentRedirect", http.StatusMovedPermanently, "The bucket you are attempting to access "+
			"must be addressed using the specified endpoint. Please send all future requests to this endpoint: "+
			"s3.%s.amazonaws.com", bucket.Region)
		err.Header = http.Header{"X-Amz-Bucket-Region": {bucket.Region}}
		return nil, err
	}
	return bucket, nil
}
