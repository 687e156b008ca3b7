package proxy

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// Call is one request, as it came over the wire.
type Call struct {
	Number     int        // from 1, in the order of arrival
	Account    string     // the access key, which LocalStack takes for the account
	Region     string     // as signed for: us-east-1 for global services
	Service    string     // as signed for: elasticloadbalancing, not elbv2
	Action     string     // such as CreateVpc
	Parameters url.Values // of the query protocols (EC2, Auto Scaling, Elastic Load Balancing, IAM, STS)
	Mutating   bool
	Status     int // of the HTTP answer; 0 where there was none
	Begin, End time.Duration
}

// Name is the service and action as IAM policies write them, such as ec2:CreateVpc.
func (c Call) Name() string { return c.Service + ":" + c.Action }

// parse knows the call from its request, whose body has been read.
func parse(r *http.Request, body []byte) Call {
	var c Call
	c.Account, c.Region, c.Service = scope(r.Header.Get("Authorization"))
	c.Action = targetAction(r)
	if c.Action == "" && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		// Parameters that can't be parsed are forwarded as they are, for AWS to refuse.
		c.Parameters, _ = url.ParseQuery(string(body))
		c.Action = c.Parameters.Get("Action")
	}
	if c.Service == "s3" {
		c.Action = restAction(r)
	}
	c.Mutating = !isRead(c.Action)
	return c
}

// scope reads "AWS4-HMAC-SHA256 Credential=key/date/region/service/aws4_request, ..." (AWS General Reference, "Elements
// of an AWS API request signature").
func scope(authorization string) (key, region, service string) {
	_, credential, _ := strings.Cut(authorization, "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	parts := strings.Split(credential, "/")
	if len(parts) < 5 {
		return "", "", ""
	}
	parts = parts[len(parts)-5:]
	return parts[0], parts[2], parts[3]
}

// targetAction is the action of the JSON protocols, and of RPC v2, which has it in its path.
func targetAction(r *http.Request) string {
	if _, action, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return action
	}
	if strings.HasPrefix(r.URL.Path, "/service/") {
		return path.Base(r.URL.Path)
	}
	return ""
}

// restAction names the calls of S3, the only REST service in use, by method and what they address.
func restAction(r *http.Request) string {
	verb := map[string]string{
		http.MethodGet: "Get", http.MethodHead: "Head", http.MethodPut: "Put",
		http.MethodPost: "Post", http.MethodDelete: "Delete",
	}[r.Method]
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	query := r.URL.Query()
	for _, setting := range bucketSettings {
		if query.Has(setting.parameter) {
			return verb + setting.name
		}
	}
	switch {
	case bucket == "":
		return "ListBuckets"
	case key != "":
		return verb + "Object"
	case verb == "Get":
		return "ListObjects"
	case verb == "Put":
		return "CreateBucket"
	default:
		return verb + "Bucket"
	}
}

var bucketSettings = []struct{ parameter, name string }{
	{"versioning", "BucketVersioning"},
	{"versions", "ObjectVersions"},
	{"encryption", "BucketEncryption"},
	{"policy", "BucketPolicy"},
	{"publicAccessBlock", "PublicAccessBlock"},
	{"lifecycle", "BucketLifecycleConfiguration"},
	{"tagging", "Tagging"},
	{"location", "BucketLocation"},
	{"ownershipControls", "BucketOwnershipControls"},
	{"uploads", "MultipartUploads"},
	{"uploadId", "MultipartUpload"},
	{"delete", "Objects"},
}

// isRead goes by the verb. An action that it does not know counts as mutating, which a test notices.
func isRead(action string) bool {
	for _, verb := range []string{"Assume", "Describe", "Get", "Head", "List", "Search", "Simulate"} {
		if strings.HasPrefix(action, verb) {
			return true
		}
	}
	return false
}
