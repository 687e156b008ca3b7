package proxy

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const signature = "AWS4-HMAC-SHA256 Credential=123456789012/20261124/eu-west-1/%s/aws4_request, SignedHeaders=host, Signature=0"

func TestParse(t *testing.T) {
	type known struct {
		Name     string
		Mutating bool
	}
	const form = "application/x-www-form-urlencoded; charset=utf-8"
	tests := map[string]struct {
		service, method, path string
		header                map[string]string
		body                  string
		want                  known
	}{
		"query": {
			service: "ec2", method: "POST", path: "/", header: map[string]string{"Content-Type": form},
			body: "Action=CreateVpc&CidrBlock=10.0.0.0%2F16", want: known{"ec2:CreateVpc", true},
		},
		"query, a read": {
			service: "elasticloadbalancing", method: "POST", path: "/", header: map[string]string{"Content-Type": form},
			body: "Action=DescribeTags", want: known{"elasticloadbalancing:DescribeTags", false},
		},
		"JSON": {
			service: "ssm", method: "POST", path: "/", header: map[string]string{"X-Amz-Target": "AmazonSSM.GetParameters"},
			body: "{}", want: known{"ssm:GetParameters", false},
		},
		"RPC v2": {
			service: "monitoring", method: "POST", path: "/service/GraniteServiceVersion20100801/operation/PutMetricData",
			want: known{"monitoring:PutMetricData", true},
		},
		"S3 object":  {service: "s3", method: "PUT", path: "/bucket/a/key", body: "x", want: known{"s3:PutObject", true}},
		"S3 bucket":  {service: "s3", method: "PUT", path: "/bucket", want: known{"s3:CreateBucket", true}},
		"S3 list":    {service: "s3", method: "GET", path: "/bucket?list-type=2", want: known{"s3:ListObjects", false}},
		"S3 buckets": {service: "s3", method: "GET", path: "/?x-id=ListBuckets", want: known{"s3:ListBuckets", false}},
		"S3 setting": {
			service: "s3", method: "PUT", path: "/bucket?versioning", want: known{"s3:PutBucketVersioning", true},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(test.method, test.path, http.NoBody)
			r.Header.Set("Authorization", strings.ReplaceAll(signature, "%s", test.service))
			for key, value := range test.header {
				r.Header.Set(key, value)
			}
			c := parse(r, []byte(test.body))
			if diff := cmp.Diff(test.want, known{c.Name(), c.Mutating}); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if c.Region != "eu-west-1" || c.Account != "123456789012" {
				t.Errorf("got region %q and account %q", c.Region, c.Account)
			}
		})
	}
}

func TestParseOfAnUnsignedCall(t *testing.T) {
	for _, header := range []string{"", "AWS4-HMAC-SHA256 Credential=", "Bearer x/y/z"} {
		r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		r.Header.Set("Authorization", header)
		if c := parse(r, nil); c.Region != "" || c.Service != "" || !c.Mutating {
			t.Errorf("header %q: got %+v, want neither region nor service, and a mutating call", header, c)
		}
	}
}

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"", "ec2:CreateVpc", true},
		{"ec2:CreateVpc", "ec2:CreateVpc", true},
		{"ec2:CreateVpc", "ec2:CreateVpcEndpoint", false},
		{"ec2:CreateVpc*", "ec2:CreateVpcEndpoint", true},
		{"ec2:*", "autoscaling:DescribeTags", false},
	}
	for _, test := range tests {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("matches(%q, %q) is %t", test.pattern, test.name, got)
		}
	}
}
