package contract

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/integration/localstack"
	"provision/pkg/sandbox"
)

// Of the sandbox's virtual time: an hour.
const (
	sandboxLooks = 3600
	sandboxPause = time.Second
)

// Of real time. LocalStack changes states at once, or when it is next asked.
const (
	localstackLooks = 100
	localstackPause = 50 * time.Millisecond
)

func TestContractSandbox(t *testing.T) {
	for _, b := range behaviours() {
		t.Run(b.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := aws.Config{
					Region: home, HTTPClient: sandbox.New(sandbox.Options{}),
					Credentials: credentials.NewStaticCredentialsProvider("sandbox", "secret", ""),
				}
				seen, err := newWorld(t.Context(), config, sandboxLooks, sandboxPause).observe(b)
				if err != nil {
					t.Fatal(err)
				}
				if seen != b.aws {
					t.Errorf("the sandbox: %s; AWS: %s", seen, b.aws)
				}
			})
		})
	}
}

func TestContractLocalStack(t *testing.T) {
	endpoint := localstack.Endpoint(t)
	connections := inMemory{awshttp.NewBuildableClient()}
	for _, b := range behaviours() {
		t.Run(b.name, func(t *testing.T) {
			config := localstack.Config(endpoint, localstack.Account(t), home)
			config.HTTPClient = connections
			seen, err := newWorld(t.Context(), config, localstackLooks, localstackPause).observe(b)
			if err != nil {
				t.Fatal(err)
			}
			known, excluded := gaps[b.name]
			switch {
			case !excluded && seen != b.aws:
				t.Errorf("LocalStack: %s; AWS: %s; no gap of that name is known", seen, b.aws)
			case excluded && seen == b.aws:
				t.Errorf("LocalStack: %s, as AWS; the gap has been closed: take it out of the table", seen)
			case excluded && seen != known.does:
				t.Errorf("LocalStack: %s; AWS: %s; the table says %s", seen, b.aws, known.does)
			}
		})
	}
}

// A gap of a behaviour that does not exist would exclude nothing.
func TestContractGapsAreOfBehaviours(t *testing.T) {
	names := map[string]bool{}
	for _, b := range behaviours() {
		if names[b.name] {
			t.Errorf("two behaviours %q", b.name)
		}
		names[b.name] = true
	}
	for name, g := range gaps {
		if !names[name] || g.does == "" || g.because == "" {
			t.Errorf("the gap %q has no behaviour or says not what LocalStack does and why: %+v", name, g)
		}
	}
}
