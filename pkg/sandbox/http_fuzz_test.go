package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// request is one as its parts say, signed for a service. It is nil if no client could send it.
func request(service, method, path, query, target, body string) *http.Request {
	req, err := http.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body)) //nolint:noctx // it is never sent
	if err != nil {
		return nil
	}
	req.URL.Path, req.URL.RawQuery = "/"+strings.TrimPrefix(path, "/"), query
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+DefaultAccount+"/20261101/us-east-1/"+service+"/aws4_request, Signature=0")
	req.Header.Set("X-Amz-Target", target)
	return req
}

// Whatever is sent to whichever service, the sandbox answers in the service's form, reports no fault of its own, and lives on.
func FuzzHTTP(f *testing.F) {
	for _, seed := range [][6]string{
		{"ec2", "POST", "/", "", "", "Action=DescribeVpcs"},
		{"ec2", "GET", "/", "Action=DescribeVpcs&Version=2016-11-15", "", ""},
		{"iam", "POST", "/", "", "", "Action=CreateRole&RoleName=r&AssumeRolePolicyDocument=%7B%7D"},
		{"iam", "POST", "/", "", "", "Action=PutRolePolicy&RoleName=web&PolicyName=p&PolicyDocument={\"Statement\":[]}"},
		{"sts", "POST", "/", "", "", "Action=AssumeRole&RoleArn=arn:aws:iam::123456789012:role/web&RoleSessionName=x"},
		{"elasticloadbalancing", "POST", "/", "", "", "Action=CreateLoadBalancer&Name=a&Subnets.member.1=subnet-1"},
		{"autoscaling", "POST", "/", "", "", "Action=CreateAutoScalingGroup&AutoScalingGroupName=a&MinSize=1&MaxSize=-1"},
		{"ssm", "POST", "/", "", "AmazonSSM.GetParameter", `{"Name":"/aws/service/ami-amazon-linux-latest/x"}`},
		{"logs", "POST", "/", "", "Logs_20140328.CreateLogGroup", `{"logGroupName":"/web/x","tags":{"a":"b"}}`},
		{"logs", "POST", "/", "", "Logs_20140328.DescribeLogGroups", `{"nextToken":"OTk5","limit":1}`},
		{"kms", "POST", "/", "", "TrentService.Sign", `{"KeyId":"alias/x","Message":"AA==","SigningAlgorithm":"ECDSA_SHA_256"}`},
		{"servicequotas", "POST", "/", "", "ServiceQuotasV20190624.GetServiceQuota", `{"ServiceCode":"ec2","QuotaCode":"L-0"}`},
		{"s3", "PUT", "/example-states", "", "", ""},
		{"s3", "PUT", "/example/a/../b", "", "", "text"},
		{"s3", "GET", "/example/key", "versionId=null&x-id=GetObject", "", ""},
		{"s3", "GET", "/example", "list-type=2&max-keys=1&continuation-token=x&prefix=k", "", ""},
		{"s3", "PUT", "/example", "versioning", "", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"},
		{"s3", "DELETE", "/example", "cors", "", ""},
		{"s3", "PATCH", "/", "policy&acl", "", "{"},
		{"", "OPTIONS", "//", "%zz", "", "\x00"},
		{"elb", "HEAD", "/", "Action=", "a.b", "<x/>"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4], seed[5])
	}
	f.Fuzz(func(t *testing.T, service, method, path, query, target, body string) {
		s := New(Options{})
		for _, made := range []*http.Request{
			request("s3", http.MethodPut, "/example", "", "", ""),
			request("s3", http.MethodPut, "/example/key", "", "", "content"),
			request("iam", http.MethodPost, "/", "", "", "Action=CreateRole&RoleName=web&AssumeRolePolicyDocument="+
				`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
		} {
			s.ServeHTTP(httptest.NewRecorder(), made)
		}
		req := request(service, method, path, query, target, body)
		if req == nil {
			t.Skip()
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code == http.StatusInternalServerError || w.Code < 200 {
			t.Errorf("%s %s %q?%q %s %q: %d %s", service, method, path, query, target, body, w.Code, w.Body)
		}
		if answer := w.Body.String(); service != "s3" && !wellFormed(answer) {
			t.Errorf("%s %s %q?%q %s %q: the answer is neither XML nor JSON: %s", service, method, path, query, target, body, answer)
		}
	})
}

// wellFormed says whether an answer is empty, XML or JSON. (S3 gives back what was put.)
func wellFormed(answer string) bool {
	if answer == "" || json.Valid([]byte(answer)) {
		return true
	}
	return xmlError(strings.NewReader(answer)) == nil
}

// xmlError is what keeps a text from being XML, or nil.
func xmlError(text io.Reader) error {
	decoder := xml.NewDecoder(text)
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
