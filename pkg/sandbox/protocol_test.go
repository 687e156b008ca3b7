package sandbox

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// post sends a request of a query protocol, unsigned; EC2 in us-east-1 is meant then.
func post(s *Sandbox, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "https://ec2.us-east-1.amazonaws.com/", strings.NewReader(body))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

func TestAnswersThatAreErrors(t *testing.T) {
	for _, test := range []struct {
		name, body, code string
		status           int
	}{
		{"no action", "VpcId=vpc-1", "MissingAction", 400},
		{"broken query", "Action=%zz", "MalformedQueryString", 400},
		{"unknown action", "Action=MakeCoffee", "NotImplemented", 501},
		{"panic", "Action=Panic", "InternalFailure", 500},
		{"error of no AWS kind", "Action=Fail", "InternalFailure", 500},
		{"no number", "Action=DescribeVpcs&MaxResults=many", "InvalidParameterValue", 400},
	} {
		s := New(Options{})
		s.registry.ec2("Panic", mutates, func(*call) (any, error) { panic("out of paper") })
		s.registry.ec2("Fail", mutates, func(*call) (any, error) { return nil, io.ErrNoProgress })
		w := post(s, test.body)
		if w.Code != test.status || !strings.Contains(w.Body.String(), "<Code>"+test.code+"</Code>") {
			t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
		}
		if w.Header().Get("X-Amzn-Requestid") == "" {
			t.Errorf("%s: no request ID", test.name)
		}
		if after := post(s, "Action=DescribeVpcs"); after.Code != http.StatusOK {
			t.Errorf("after %s: %d %s", test.name, after.Code, after.Body)
		}
	}
}

func TestProtocolsOfErrors(t *testing.T) {
	for _, test := range []struct{ service, want string }{
		{"ec2", "<Response><Errors><Error><Code>"},
		{"autoscaling", `<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error><Type>`},
		{"ssm", `"__type":"`},
		{"s3", "<Error><Code>"},
	} {
		req := httptest.NewRequest(http.MethodPost, "https://example.com/", strings.NewReader("Action=MakeCoffee"))
		req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20261101/eu-west-1/"+test.service+"/aws4_request, Signature=0")
		w := httptest.NewRecorder()
		New(Options{}).ServeHTTP(w, req)
		if w.Code < 400 || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %s", test.service, w.Code, w.Body)
		}
	}
}

// For any request, the answer is well-formed, and the sandbox lives on.
func FuzzQuery(f *testing.F) {
	furnish := func() *Sandbox { // IDs are the same each time
		s := New(Options{})
		for _, body := range []string{
			"Action=CreateVpc&CidrBlock=10.0.0.0/16", "Action=CreateInternetGateway", "Action=AllocateAddress",
		} {
			post(s, body)
		}
		return s
	}
	r := furnish().account(DefaultAccount).region("us-east-1")
	vpc, gateway := vpcs.rows(r).order[0], gateways.rows(r).order[0]
	group, table := groups.rows(r).order[0], routeTables.rows(r).order[0]
	for _, seed := range []string{
		"Action=DescribeVpcs&Filter.1.Name=tag:a&Filter.1.Value.1=*",
		"Action=CreateVpc&CidrBlock=10.0.0.0/16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=%00",
		"Action=DescribeSubnets&MaxResults=5&NextToken=RGVzY3JpYmVTdWJuZXRzIDk5OTk5",
		"Action=AuthorizeSecurityGroupIngress&GroupId=sg-1&IpPermissions.99999999999999999999.IpProtocol=tcp",
		"Action=CreateTags&ResourceId.-1=vpc-1&Tag.1.Key=<a>&ResourceId=&ResourceId.1",
		"Action=DeleteVpcEndpoints&VpcEndpointId.1=vpce-1",
		"Action=%3C/x%3E",
		"Action=CreateNatGateway&SubnetId=subnet-1&AllocationId=eipalloc-1&ClientToken=a",
		"=&=&;;&Action=DescribeRouteTables&&Filter.1",
		"Action=CreateSubnet&CidrBlock=10.0.0.0/24&VpcId=" + vpc,
		"Action=AttachInternetGateway&InternetGatewayId=" + gateway + "&VpcId=" + vpc,
		"Action=CreateRoute&DestinationIpv6CidrBlock=::/0&GatewayId=" + gateway + "&RouteTableId=" + table,
		"Action=RevokeSecurityGroupEgress&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0&GroupId=" + group,
		"Action=ModifyVpcAttribute&EnableDnsHostnames.Value=true&VpcId=" + vpc,
		"Action=DeleteTags&Tag.1.Key=a&ResourceId.1=" + vpc + "&ResourceId.2=" + group,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := post(furnish(), body)
		if w.Code == http.StatusInternalServerError {
			t.Errorf("%q: %s", body, w.Body)
		}
		if err := xmlError(w.Body); err != nil {
			t.Fatalf("%q: the answer is no XML: %v", body, err)
		}
	})
}

func FuzzLike(f *testing.F) {
	f.Add("*a*?b*", "xaxxb")
	f.Add(`\*`, "*")
	f.Add(`\`, `\`)
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if escapePattern(pattern) == pattern && like(pattern, value) != (pattern == value) {
			t.Errorf("%q and %q: plain text matches only itself", pattern, value)
		}
		if !like("*", value) || !like("*"+escapePattern(value)+"*", value) || !like(escapePattern(value), value) {
			t.Errorf("%q does not match itself", value)
		}
	})
}

var escapePattern = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace
