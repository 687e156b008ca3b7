package cloud

import (
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	readAttempts       = 14 // at what answers, be it that it is busy or broken: two minutes or so
	unansweredAttempts = 6  // at what does not answer at all: some seconds
	writeAttempts      = 6
)

// reader repeats whatever may go away: a read that was lost costs nothing to repeat. A storm of throttles passes, so
// that who answers is asked for longer than who does not. No retry quota: each caller's own limits end the matter, and
// one region's throttles must not use up another's retries.
type reader struct{ *retry.Standard }

func readRetryer() aws.Retryer {
	return reader{retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = readAttempts
		o.RateLimiter = ratelimit.None
	})}
}

// RetryDelay implements [aws.Retryer]; an error ends the repeats.
func (r reader) RetryDelay(attempt int, err error) (time.Duration, error) {
	if _, unanswered := errors.AsType[*smithyhttp.RequestSendError](err); unanswered && attempt >= unansweredAttempts {
		return 0, err
	}
	return r.Standard.RetryDelay(attempt, err)
}

// writeRetryer repeats only what certainly had no effect. The SDK's own policy would repeat a CreateVpc whose answer
// was lost, and make two.
func writeRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = writeAttempts
		o.RateLimiter = ratelimit.None
		o.Retryables = []retry.IsErrorRetryable{retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes}}
	})
}

// IfBusy repeats a call only if it was refused because there were too many. It is for reads that a run can do without
// and that some stand-ins for AWS do not implement: the run must not wait for one that always fails.
func IfBusy() aws.Retryer { return writeRetryer() }

// oneAttemptForWrites gives each operation the retryer that suits it.
func oneAttemptForWrites(stack *middleware.Stack) error {
	if IsRead(stack.ID()) {
		return nil
	}
	const retries = "Retry" // the SDK's name for it
	if _, ok := stack.Finalize.Get(retries); !ok {
		return nil
	}
	_, err := stack.Finalize.Swap(retries, retry.NewAttemptMiddleware(writeRetryer(), smithyhttp.RequestCloner))
	return err
}

// IsRead says whether an operation changes nothing, which AWS's names tell.
func IsRead(operation string) bool {
	for _, verb := range []string{"Describe", "Get", "List", "Head", "Simulate"} {
		if strings.HasPrefix(operation, verb) {
			return true
		}
	}
	return false
}
