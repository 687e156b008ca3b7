package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"provision/pkg/graph"
)

func TestClassify(t *testing.T) {
	api := func(code, message string) error { return &smithy.GenericAPIError{Code: code, Message: message} }
	status := func(code int, err error) error {
		return &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: err,
		}
	}
	for name, tc := range map[string]struct {
		err  error
		want graph.Class
	}{
		"none":                      {nil, graph.Fatal},
		"not an AWS error":          {errors.New("no space left on device"), graph.Fatal},
		"stopped":                   {context.Canceled, graph.Fatal},
		"no right to":               {api("UnauthorizedOperation", ""), graph.Fatal},
		"hard quota":                {api("VpcLimitExceeded", ""), graph.Fatal},
		"too many calls, EC2":       {api("RequestLimitExceeded", ""), graph.Throttled},
		"too many calls, query":     {api("Throttling", ""), graph.Throttled},
		"throttled with a 503":      {status(503, api("RequestLimitExceeded", "")), graph.Throttled},
		"EC2's usual ending":        {api("InvalidVpcID.NotFound", ""), graph.NotFound},
		"EC2's unusual one":         {api("NatGatewayNotFound", ""), graph.NotFound},
		"ELB":                       {api("LoadBalancerNotFound", ""), graph.NotFound},
		"IAM":                       {api("NoSuchEntity", ""), graph.NotFound},
		"name taken":                {api("InvalidGroup.Duplicate", ""), graph.Exists},
		"token of other parameters": {api("IdempotentParameterMismatch", ""), graph.Exists},
		"in use":                    {api("DependencyViolation", ""), graph.Held},
		"certificate that is new":   {api("CertificateNotFound", ""), graph.NotYet},
		"certificate, not issued":   {api("UnsupportedCertificate", ""), graph.NotYet},
		"profile has not spread":    {api("InvalidParameterValue", "Invalid IAM Instance Profile name"), graph.NotYet},
		"profile, Auto Scaling":     {api("ValidationError", "Invalid IamInstanceProfile: web"), graph.NotYet},
		"VPC, load balancing":       {api("ValidationError", "The VPC ID 'vpc-0a1b2c' is not found"), graph.NotYet},
		"subnet, load balancing":    {api("SubnetNotFound", ""), graph.NotYet},
		"group, load balancing":     {api("InvalidSecurityGroup", ""), graph.NotYet},
		"groups, load balancing":    {api("InvalidConfigurationRequest", "One or more security groups are invalid"), graph.NotYet},
		"gateway, load balancing":   {api("InvalidSubnet", "VPC vpc-0a1b has no internet gateway"), graph.NotYet},
		"subnet that is full":       {api("InvalidSubnet", "Not enough IP space available in subnet-0a1b"), graph.Fatal},
		"template, Auto Scaling": {api("ValidationError", "You must use a valid fully-formed launch template. "+
			"The specified launch template, with template ID lt-0a1b, does not exist."), graph.NotYet},
		"version, EC2": {api("InvalidLaunchTemplateId.VersionNotFound", ""), graph.NotFound},
		"version, Auto Scaling": {api("ValidationError", "You must use a valid fully-formed launch template. "+
			"Could not find the specified version 2 for the launch template with ID lt-0a1b."), graph.NotYet},
		"targets, Auto Scaling": {api("ValidationError", "Provided Target Groups may not be valid. Please ensure they "+
			"exist and try again."), graph.NotYet},
		"role of Auto Scaling": {api("ValidationError", "Access denied when attempting to assume role "+
			"arn:aws:iam::1:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"), graph.NotYet},
		"image that never was": {api("ValidationError", "You must use a valid fully-formed launch template. "+
			"The image id '[ami-0a1b]' does not exist"), graph.Fatal},
		"gateway, route": {api("InvalidParameterValue", "route table rtb-0a1b and network gateway igw-0a1b belong to "+
			"different networks"), graph.NotYet},
		"DNS hostnames, endpoint": {api("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and "+
			"enableDnsHostnames VPC attributes set to true for vpc-0a1b"), graph.NotYet},
		"name of an old endpoint": {api("InvalidParameter", "private-dns-enabled cannot be set because there is already a "+
			"conflicting DNS domain for ssm.eu-west-1.amazonaws.com in the VPC vpc-0a1b"), graph.NotYet},
		"IAM busy":                  {api("ConcurrentModification", ""), graph.NotYet},
		"another invalid parameter": {api("InvalidParameterValue", "no such zone"), graph.Fatal},
		"a 500":                     {status(500, api("InternalError", "")), graph.Ambiguous},
		"a gateway's page":          {status(502, io.ErrUnexpectedEOF), graph.Ambiguous},
		"emulator lacks it":         {status(501, api("NotImplemented", "")), graph.Fatal},
		"connection cut":            {&smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF}, graph.Ambiguous},
		"answer cut in the middle":  {&smithy.DeserializationError{Err: io.ErrUnexpectedEOF}, graph.Ambiguous},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Classify(tc.err); got != tc.want {
				t.Errorf("Classify(%v) = %d, want %d", tc.err, got, tc.want)
			}
		})
	}
}

func TestGuardCheck(t *testing.T) {
	pipeline := Identity{Account: "111122223333", ARN: "arn:aws:sts::111122223333:assumed-role/provision-apply/run-7"}
	for name, tc := range map[string]struct {
		guard   Guard
		regions []string
		refused bool
	}{
		"no guard":          {Guard{}, []string{"eu-west-1"}, false},
		"account":           {Guard{Accounts: []string{"111122223333"}}, nil, false},
		"another account":   {Guard{Accounts: []string{"444455556666"}}, nil, true},
		"role by pattern":   {Guard{Roles: []string{"arn:aws:iam::*:role/provision-*"}}, nil, false},
		"another role":      {Guard{Roles: []string{"arn:aws:iam::*:role/plan"}}, nil, true},
		"region by pattern": {Guard{Regions: []string{"eu-*"}}, []string{"eu-west-1", "eu-north-1"}, false},
		"another region":    {Guard{Regions: []string{"eu-*"}}, []string{"eu-west-1", "us-east-1"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if err := errors.Join(tc.guard.Check(pipeline), tc.guard.CheckRegions(tc.regions)); (err != nil) != tc.refused {
				t.Errorf("the guard says %v, want refusal: %t", err, tc.refused)
			}
		})
	}
}
