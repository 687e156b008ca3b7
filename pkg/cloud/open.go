package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/smithy-go/logging"
	smithymiddleware "github.com/aws/smithy-go/middleware"
)

// Options say as whom, where and how AWS is called. The zero value is the SDK's default chain: environment, profile,
// SSO, web identity, instance role.
type Options struct {
	Profile     string
	RoleARN     string // assumed on top of what the chain finds
	EndpointURL string // empty: AWS's own, or AWS_ENDPOINT_URL
	PlainHTTP   bool   // allow signed calls without TLS to other machines
	Version     string // for the user agent
	RunID       string // for the user agent, so that CloudTrail shows which run made a call
	Near        string // a region of the partition that is worked in; empty: the commercial one

	// MFA asks for the code of a device, where a profile's role requires one. Nil: there is no one to ask.
	MFA func() (string, error)

	Instead *Stand     // nil: AWS, or what EndpointURL says
	Observe func(Call) // told of every attempt; may be nil; called from many goroutines

	// Permit is asked before every attempt, and may be nil; what it refuses is not sent.
	Permit func(Call) error
}

// Stand answers in AWS's place without a network. Nothing is read from the environment then.
type Stand struct {
	Client      aws.HTTPClient
	Credentials aws.CredentialsProvider
}

// Cloud makes clients that share credentials, connections, retry policy and call log.
type Cloud struct {
	base   aws.Config
	origin origin
}

const bootRegion = "us-east-1" // for what has no region of its own, until one is asked for

// Open reads the SDK's configuration. It makes no call but those that credentials need.
func Open(ctx context.Context, o Options) (*Cloud, error) {
	if o.Instead != nil {
		base := aws.Config{
			HTTPClient: o.Instead.Client, Credentials: o.Instead.Credentials, APIOptions: apiOptions(o), Retryer: readRetryer,
		}
		return &Cloud{base: base, origin: originOf(o, base)}, nil
	}
	load := []func(*config.LoadOptions) error{
		config.WithDefaultRegion(Home(o.Near)),
		config.WithHTTPClient(pool()),
		config.WithLogger(logging.Nop{}), // whose warnings would land in the middle of our output
		config.WithAPIOptions(apiOptions(o)),
		config.WithRetryer(readRetryer),
		config.WithAssumeRoleCredentialOptions(func(a *stscreds.AssumeRoleOptions) { a.TokenProvider = o.MFA }),
	}
	if o.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.Profile))
	}
	if o.EndpointURL != "" {
		load = append(load, config.WithBaseEndpoint(o.EndpointURL))
	}
	base, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, err
	}
	base.HTTPClient = inMemory{base.HTTPClient}
	if !o.PlainHTTP {
		base.HTTPClient = onlyTLS{base.HTTPClient}
	}
	c := &Cloud{base: base, origin: originOf(o, base)}
	if o.RoleARN != "" {
		return c.assume("--role-arn ", o.RoleARN, o), nil
	}
	return c, nil
}

// Custom is the endpoint that stands in for AWS, or empty.
func (c *Cloud) Custom() string { return aws.ToString(c.base.BaseEndpoint) }

func (c *Cloud) in(region string) aws.Config {
	cfg := c.base.Copy()
	cfg.Region = region
	return cfg
}

func apiOptions(o Options) []func(*smithymiddleware.Stack) error {
	options := []func(*smithymiddleware.Stack) error{
		sayWhyItEnded,
		oneAttemptForWrites,
		new(budget).apply,
		middleware.AddUserAgentKeyValue("provision", o.Version),
	}
	if o.RunID != "" {
		options = append(options, middleware.AddUserAgentKeyValue("provision-run", o.RunID))
	}
	if o.Observe != nil {
		options = append(options, observe(o.Observe))
	}
	if o.Permit != nil { // before the observer: a call that was not sent is no attempt
		options = append(options, permit(o.Permit))
	}
	return options
}

// DefaultRegion is the region that the configuration names, for what belongs to no region of the stack.
func (c *Cloud) DefaultRegion() string {
	if c.base.Region == "" {
		return bootRegion
	}
	return c.base.Region
}
