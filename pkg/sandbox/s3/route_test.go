package s3

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTarget(t *testing.T) {
	for url, want := range map[string][2]string{
		"https://s3.eu-west-1.amazonaws.com/":                   {},
		"https://s3.eu-west-1.amazonaws.com/state/a/b":          {"state", "a/b"},
		"https://state.s3.eu-west-1.amazonaws.com/a%20b":        {"state", "a b"},
		"https://state.s3.amazonaws.com/":                       {"state", ""},
		"https://my.own.s3.dualstack.eu-west-1.amazonaws.com/k": {"my.own", "k"},
		"http://127.0.0.1:4566/state/k":                         {"state", "k"},
		"http://127.0.0.1:4566/state":                           {"state", ""},
		"http://state.localhost:4566/k":                         {"state", "k"},
		"http://localhost:4566/state/k":                         {"state", "k"},
		"https://state.s3.eu-west-1.amazonaws.com/folder/":      {"state", "folder/"},
	} {
		if bucket, key := Target(httptest.NewRequest(http.MethodGet, url, nil)); bucket != want[0] || key != want[1] {
			t.Errorf("%s: bucket %q, key %q", url, bucket, key)
		}
	}
}

func TestRoute(t *testing.T) {
	for request, want := range map[[2]string]string{
		{"GET", "/"}:                           "ListBuckets",
		{"PUT", "/state"}:                      "CreateBucket",
		{"HEAD", "/state"}:                     "HeadBucket",
		{"DELETE", "/state"}:                   "DeleteBucket",
		{"GET", "/state"}:                      "ListObjects",
		{"GET", "/state?list-type=2&prefix=a"}: "ListObjectsV2",
		{"GET", "/state?versions"}:             "ListObjectVersions",
		{"POST", "/state?delete"}:              "DeleteObjects",
		{"GET", "/state?location"}:             "GetBucketLocation",
		{"PUT", "/state?versioning"}:           "PutBucketVersioning",
		{"GET", "/state?publicAccessBlock"}:    "GetPublicAccessBlock",
		{"DELETE", "/state?lifecycle"}:         "DeleteBucketLifecycle",
		{"PUT", "/state?lifecycle"}:            "PutBucketLifecycleConfiguration",
		{"PUT", "/state/k?x-id=PutObject"}:     "PutObject",
		{"HEAD", "/state/k"}:                   "HeadObject",
		{"GET", "/state/policy?versionId=1"}:   "GetObject",
		{"POST", "/state/k?uploads"}:           "PostObject?uploads",
		{"DELETE", "/state/k?uploadId=1"}:      "DeleteObject?uploadId",

		// Of a sub-resource or a parameter that is not known, no other operation is made.
		{"DELETE", "/state?cors"}:                      "DeleteBucket?cors",
		{"DELETE", "/state?website"}:                   "DeleteBucket?website",
		{"PUT", "/state?logging"}:                      "CreateBucket?logging",
		{"PUT", "/state?object-lock"}:                  "CreateBucket?object-lock",
		{"GET", "/state?list-type=2&fetch-owner=true"}: "ListObjectsV2?fetch-owner",
		{"GET", "/state/k?partNumber=1"}:               "GetObject?partNumber",
		{"GET", "/state/k?response-content-type=a"}:    "GetObject?response-content-type",
		{"DELETE", "/state/k?torrent"}:                 "DeleteObject?torrent",
		{"GET", "/?max-buckets=1"}:                     "ListBuckets?max-buckets",
		{"DELETE", "/state?X-Amz-Signature=1"}:         "DeleteBucket",
	} {
		if got := Route(httptest.NewRequest(request[0], "http://127.0.0.1"+request[1], nil)); got != want {
			t.Errorf("%v: %s, want %s", request, got, want)
		}
	}
}
