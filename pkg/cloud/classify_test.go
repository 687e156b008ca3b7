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
		"profile has not spread":    {api("InvalidParameterValue", "Invalid IAM Instance Profile name"), graph.NotYet},
		"profile, Auto Scaling":     {api("ValidationError", "Invalid IamInstanceProfile: web"), graph.NotYet},
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
