package contract

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

const home = "us-east-1"

// world is an account without any resource of these tests, at an endpoint that claims to be AWS.
type world struct {
	ctx    context.Context
	config aws.Config
	looks  int           // for something to settle: counted, for a slow endpoint is as good as a quick one
	pause  time.Duration // between two looks, of the endpoint's time

	ec2     *ec2.Client
	elb     *elb.Client
	scaling *autoscaling.Client
	iam     *iam.Client
	ssm     *ssm.Client
	sts     *sts.Client
	s3      *s3.Client
}

func newWorld(ctx context.Context, config aws.Config, looks int, pause time.Duration) *world {
	config.Retryer = func() aws.Retryer { return aws.NopRetryer{} } // a repeat would hide what the first answer was
	return &world{
		ctx: ctx, config: config, looks: looks, pause: pause,
		ec2: ec2.NewFromConfig(config), elb: elb.NewFromConfig(config), scaling: autoscaling.NewFromConfig(config),
		iam: iam.NewFromConfig(config), ssm: ssm.NewFromConfig(config), sts: sts.NewFromConfig(config),
		s3: s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
	}
}

// elsewhere is the same account in another region.
func (w *world) elsewhere() *world {
	config := w.config.Copy()
	config.Region = "eu-west-1"
	return newWorld(w.ctx, config, w.looks, w.pause)
}

// stranger is another account at the same endpoint: an access key of 12 digits is an account of its own.
func (w *world) stranger() *world {
	config := w.config.Copy()
	config.Credentials = credentials.NewStaticCredentialsProvider("000000000042", "secret", "")
	return newWorld(w.ctx, config, w.looks, w.pause)
}

// broken ends an observation that can't be made, e.g. because what it needs can't be built.
type broken struct{ cause error }

// observe is what b sees in w.
func (w *world) observe(b behaviour) (seen string, err error) {
	defer func() {
		cause := recover()
		if stop, ok := cause.(broken); ok {
			err = stop.cause
		} else if cause != nil {
			panic(cause)
		}
	}()
	return b.see(w), nil
}

// operation is a method of one of the SDK's clients.
type operation[In, Out, Options any] func(context.Context, *In, ...func(*Options)) (Out, error)

// do calls an operation that must succeed for the observation to mean something.
func do[In, Out, Options any](w *world, call operation[In, Out, Options], in *In) Out {
	out, err := call(w.ctx, in)
	if err != nil {
		panic(broken{fmt.Errorf("%T: %w", in, err)})
	}
	return out
}

// try calls an operation and returns "accepted" or the code of its error.
func try[In, Out, Options any](w *world, call operation[In, Out, Options], in *In) string {
	_, err := call(w.ctx, in)
	return outcome(err)
}

func outcome(err error) string {
	if err == nil {
		return accepted
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		panic(broken{err})
	}
	return api.ErrorCode()
}

// until looks again and again until what is seen is settled, and returns what was seen last.
func (w *world) until(settled func(seen string) bool, look func() string) string {
	for looked := 1; ; looked++ {
		seen := look()
		if settled(seen) || looked == w.looks {
			return seen
		}
		time.Sleep(w.pause)
	}
}

// unless is settled when something else than the given is seen.
func unless(given string) func(string) bool { return func(seen string) bool { return seen != given } }

// once is settled when the given is seen.
func once(given string) func(string) bool { return func(seen string) bool { return seen == given } }
