package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"provision/pkg/cloud"
)

func TestText(t *testing.T) {
	call := func(err error) error {
		return fmt.Errorf("eu-west-1: create vpc: %w", &smithy.OperationError{ServiceID: "EC2", OperationName: "CreateVpc", Err: err})
	}
	answer := func(err error) error {
		return &awshttp.ResponseError{RequestID: "4711", ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusBadRequest}}, Err: err,
		}}
	}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{errors.New("something else: "), "something else"},
		{
			call(answer(&smithy.GenericAPIError{Code: "VpcLimitExceeded", Message: "Too many."})),
			"eu-west-1: create vpc: VpcLimitExceeded: Too many. (EC2 CreateVpc, request 4711)",
		},
		{
			call(&retry.MaxAttemptsError{Attempt: 6, Err: &smithy.GenericAPIError{Code: "Throttling"}}),
			"eu-west-1: create vpc: Throttling (EC2 CreateVpc, 6 attempts)",
		},
		{
			call(&smithyhttp.RequestSendError{Err: errors.New("dial tcp: refused")}),
			"eu-west-1: create vpc: no answer to EC2 CreateVpc: dial tcp: refused",
		},
		{
			call(errors.New("get credentials: no EC2 IMDS role found, and so on")),
			"eu-west-1: create vpc: there are no credentials: no variable, no profile, no login and no role of an instance or container has any",
		},
		{
			call(errors.New("get identity: get credentials: failed to refresh cached credentials, the token is too old")),
			"eu-west-1: create vpc: no credentials: the token is too old",
		},
		{
			call(&smithy.GenericAPIError{Code: "UnauthorizedOperation", Message: "Not you.\nEncoded: abc"}),
			"eu-west-1: create vpc: UnauthorizedOperation: Not you. Encoded: abc (EC2 CreateVpc)",
		},
		{
			fmt.Errorf("%w; then %w", call(&smithy.GenericAPIError{Code: "One", Message: "1"}), call(&smithy.GenericAPIError{Code: "Two", Message: "2"})),
			"eu-west-1: create vpc: One: 1 (EC2 CreateVpc); then eu-west-1: create vpc: Two: 2 (EC2 CreateVpc)",
		},
		{
			call(errors.New("not what we know")),
			"eu-west-1: create vpc: operation error EC2: CreateVpc, not what we know",
		},
	} {
		if got := cloud.Text(tc.err); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// The SDK repeats the output of a credential_process that it can't read, which may hold the secret.
func TestTextHidesTheOutputOfACredentialProcess(t *testing.T) {
	err := errors.New("get identity: get credentials: failed to refresh cached credentials, process provider error: " +
		"parse failed of process output: {\"SecretAccessKey\": \"hush\",\n, error: unexpected end of JSON input")
	if got := cloud.Text(err); strings.Contains(got, "hush") || !strings.Contains(got, "credential_process") {
		t.Errorf("Text() = %q", got)
	}
}
