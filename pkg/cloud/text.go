package cloud

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Text is err for people: AWS's code and words first, then the call and its service, and the request's ID, which AWS's
// support asks for. The text around a call's error stays as it is.
func Text(err error) string {
	text := strings.TrimSpace(err.Error())
	for _, call := range failedCalls(err) {
		text = strings.Replace(text, strings.TrimSpace(call.Error()), callText(call), 1)
	}
	return strings.TrimRight(WithoutSecrets(text), ": ")
}

// processOutput is what the SDK repeats of a credential_process whose output it can't read: the secret may be in it.
var processOutput = regexp.MustCompile(`(?s)parse failed of process output: .*, error: `)

// WithoutSecrets is an error's text without what a credential_process printed.
func WithoutSecrets(text string) string {
	return processOutput.ReplaceAllString(text, "the output of credential_process is no credentials in JSON: ")
}

// failedCalls are all calls whose errors err wraps: of a write that was not answered, and of the look at what became of it.
func failedCalls(err error) []*smithy.OperationError {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var calls []*smithy.OperationError
		for _, one := range several.Unwrap() {
			calls = append(calls, failedCalls(one)...)
		}
		return calls
	}
	if inner := errors.Unwrap(err); inner != nil {
		if calls := failedCalls(inner); len(calls) > 1 {
			return calls
		}
	}
	if call, ok := errors.AsType[*smithy.OperationError](err); ok {
		return []*smithy.OperationError{call}
	}
	return nil
}

func callText(call *smithy.OperationError) string {
	name := call.ServiceID + " " + call.OperationName
	if api, ok := errors.AsType[smithy.APIError](call); ok {
		about := []string{name}
		if tries, ok := errors.AsType[*retry.MaxAttemptsError](call); ok {
			about = append(about, fmt.Sprintf("%d attempts", tries.Attempt))
		}
		if answer, ok := errors.AsType[*awshttp.ResponseError](call); ok && answer.ServiceRequestID() != "" {
			about = append(about, "request "+answer.ServiceRequestID())
		}
		words := strings.Join(strings.Fields(api.ErrorCode()+": "+api.ErrorMessage()), " ") // in one line
		words = strings.TrimRight(words, ": ")
		return words + " (" + strings.Join(about, ", ") + ")"
	}
	if unsent, ok := errors.AsType[*smithyhttp.RequestSendError](call); ok {
		return "no answer to " + name + ": " + unsent.Err.Error()
	}
	if noneFound(call) {
		return "there are no credentials: no variable, no profile, no login and no role of an instance or container has any"
	}
	if _, why, ok := strings.Cut(call.Error(), "get credentials: "); ok {
		return "no credentials: " + strings.TrimPrefix(why, "failed to refresh cached credentials, ")
	}
	return call.Error()
}

// noneFound: the last that the SDK asks for credentials, where nothing else has any, is the instance that this is not.
func noneFound(err error) bool { return strings.Contains(err.Error(), "no EC2 IMDS role found") }
