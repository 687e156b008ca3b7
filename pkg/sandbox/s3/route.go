package s3

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Target is the bucket and the key that a request is about, by path-style or virtual-hosted addressing. Both are
// empty for a request about all buckets.
func Target(req *http.Request) (bucket, key string) {
	path := strings.TrimPrefix(req.URL.Path, "/")
	if bucket := hostBucket(req.Host); bucket != "" {
		return bucket, path
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}

// hostBucket is the bucket that a host name starts with, or empty.
func hostBucket(host string) string {
	host, _, _ = strings.Cut(host, ":")
	if bucket, ok := strings.CutSuffix(host, ".localhost"); ok {
		return bucket
	}
	if !strings.HasSuffix(host, ".amazonaws.com") {
		return ""
	}
	if i := strings.LastIndex(host, ".s3."); i > 0 {
		return host[:i]
	}
	return ""
}

// Route is the name of the operation that a request means; one that the sandbox lacks is named by its parts. A parameter
// of the query that the operation does not read is one of them: S3 knows sub-resources and parameters that select another
// operation or change what one does, and a DeleteBucketCors must not be taken for a DeleteBucket. See "Amazon S3 API
// Reference", "Actions".
func Route(req *http.Request) string {
	operation := route(req)
	for _, parameter := range slices.Sorted(maps.Keys(req.URL.Query())) {
		if !reads(operation, parameter) {
			return operation + "?" + parameter
		}
	}
	return operation
}

// parameters are those that the operations read, besides the one that selects them.
var parameters = map[string][]string{
	"ListObjectsV2": {
		"list-type", "prefix", "delimiter", "max-keys", "encoding-type", "start-after", "continuation-token",
	},
	"ListObjectVersions": {"prefix", "delimiter", "max-keys", "encoding-type", "key-marker", "version-id-marker"},
	"GetObject":          {"versionId"},
	"HeadObject":         {"versionId"},
	"DeleteObject":       {"versionId"},
}

// reads says whether an operation reads a parameter of the query. Those of signatures, and the name of the operation that
// some SDKs add, are everywhere.
func reads(operation, parameter string) bool {
	if parameter == "x-id" || strings.HasPrefix(strings.ToLower(parameter), "x-amz-") {
		return true
	}
	bare, sub, _ := strings.Cut(operation, "?")
	return slices.Contains(parameters[bare], parameter) || parameter == sub || selects(parameter, operation)
}

// selects says whether a parameter selects an operation on a bucket.
func selects(parameter, operation string) bool {
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete} {
		if by := subresources[parameter]; by != nil && by(method) == operation {
			return true
		}
	}
	return false
}

func route(req *http.Request) string {
	bucket, key := Target(req)
	query := req.URL.Query()
	switch {
	case bucket == "":
		return strings.Replace(verbs[req.Method], "Get", "List", 1) + "Buckets"
	case key != "":
		return objectRoute(req)
	}
	for _, sub := range slices.Sorted(maps.Keys(subresources)) {
		if query.Has(sub) {
			return subresources[sub](req.Method)
		}
	}
	switch {
	case req.Method == http.MethodGet && query.Get("list-type") == "2":
		return "ListObjectsV2"
	case req.Method == http.MethodGet && len(query) == 0:
		return "ListObjects"
	case req.Method == http.MethodPut:
		return "CreateBucket"
	}
	return verbs[req.Method] + "Bucket"
}

// objectRoute is the operation on an object.
func objectRoute(req *http.Request) string {
	for _, sub := range []string{"uploads", "uploadId", "tagging", "acl", "retention", "legal-hold", "attributes"} {
		if req.URL.Query().Has(sub) {
			return verbs[req.Method] + "Object?" + sub
		}
	}
	if req.Method == http.MethodPut && req.Header.Get("X-Amz-Copy-Source") != "" {
		return "CopyObject"
	}
	return verbs[req.Method] + "Object"
}

var verbs = map[string]string{
	http.MethodGet: "Get", http.MethodHead: "Head", http.MethodPut: "Put", http.MethodDelete: "Delete",
	http.MethodPost: "Post",
}

// subresources name the operations on a bucket that a parameter of the query selects, by HTTP method.
var subresources = func() map[string]func(method string) string {
	out := map[string]func(string) string{
		"versions":   func(string) string { return "ListObjectVersions" },
		"delete":     func(string) string { return "DeleteObjects" },
		"location":   func(string) string { return "GetBucketLocation" },
		"versioning": func(method string) string { return verbs[method] + "BucketVersioning" },
	}
	for _, s := range bucketSettings {
		out[s.query] = func(method string) string {
			if method == http.MethodDelete {
				return "Delete" + strings.TrimSuffix(s.name, "Configuration")
			}
			return verbs[method] + s.name
		}
	}
	return out
}()
