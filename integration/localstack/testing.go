package localstack

import (
	"context"
	"crypto/rand"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// secretKey is any text: no emulator checks signatures.
const secretKey = "test"

// The first start on a machine installs.
const installTimeout = 10 * time.Minute

// shared is one server for all tests of a test binary. It ends with the binary.
var shared = sync.OnceValues(func() (*Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), installTimeout)
	defer cancel()
	return Start(ctx)
})

// Endpoint returns the URL of the LocalStack that the tests of this binary share. The first call starts it. A test
// fails where it can't be had, with what to install; only -short leaves it out.
func Endpoint(tb testing.TB) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("-short leaves out what needs LocalStack")
	}
	server, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return server.Endpoint
}

// Account returns the ID of an AWS account that no other test uses. LocalStack can't be emptied, but takes an access
// key of 12 digits for the ID of an account, and keeps accounts apart.
func Account(tb testing.TB) string {
	tb.Helper()
	const lowest = 100_000_000_000
	n, err := rand.Int(rand.Reader, big.NewInt(9*lowest))
	if err != nil {
		tb.Fatal(err)
	}
	account := strconv.FormatInt(lowest+n.Int64(), 10)
	tb.Logf("AWS account %s", account)
	return account
}

// Config leads the SDK's clients to an endpoint, as that account.
func Config(endpoint, account, region string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider(account, secretKey, ""),
	}
}

// Environment is that of this process, but leads any program that uses an AWS SDK to an endpoint, as that account, and
// away from the profiles and instance metadata of the machine.
func Environment(endpoint, account string) []string {
	own := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(own, Variables(endpoint, account)...)
}

// Variables are what [Environment] adds.
func Variables(endpoint, account string) []string {
	return []string{
		EndpointVariable + "=" + endpoint,
		"AWS_ACCESS_KEY_ID=" + account,
		"AWS_SECRET_ACCESS_KEY=" + secretKey,
		"AWS_CONFIG_FILE=" + os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
	}
}
