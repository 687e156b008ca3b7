package realaws

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"provision/pkg/sandbox"
)

// These variables describe the account.
const (
	askedVariable   = "PROVISION_REAL_AWS"
	accountVariable = "PROVISION_REAL_AWS_ACCOUNT"
	regionsVariable = "PROVISION_REAL_AWS_REGIONS"
)

var defaultRegions = []string{"us-east-1", "eu-west-1"}

// realAccount is the configuration for the account which the environment names, or skips the test. It calls nothing
// else before STS has confirmed that it is this account.
func realAccount(t *testing.T) (cfg sdk.Config, account string, regions []string) {
	t.Helper()
	if os.Getenv(askedVariable) != "1" {
		t.Skipf("needs a real AWS account, and costs money there: set %s=1 and %s; see doc.go", askedVariable, accountVariable)
	}
	regions = defaultRegions
	if text := os.Getenv(regionsVariable); text != "" {
		regions = strings.Split(text, ",")
	}
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(regions[0]))
	if err != nil {
		t.Fatal(err)
	}
	account = os.Getenv(accountVariable)
	if err := mustBeAccount(t.Context(), cfg, account); err != nil {
		t.Fatal(err)
	}
	return cfg, account, regions
}

// mustBeAccount refuses credentials of another account, and an endpoint that is not AWS's.
func mustBeAccount(ctx context.Context, cfg sdk.Config, account string) error {
	if !regexp.MustCompile(`^\d{12}$`).MatchString(account) {
		return fmt.Errorf("%s is %q: it has to be the ID of the account that may be used, of 12 digits", accountVariable, account)
	}
	if cfg.BaseEndpoint != nil {
		return fmt.Errorf("the environment leads to %s, which is not AWS", *cfg.BaseEndpoint)
	}
	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("ask AWS whose credentials these are: %w", err)
	}
	if got := sdk.ToString(identity.Account); got != account {
		return fmt.Errorf("the credentials are of account %s, and %s allows %s only", got, accountVariable, account)
	}
	return nil
}

func TestAnotherAccountIsRefused(t *testing.T) {
	box := sandbox.New(sandbox.Options{})
	cfg := sdk.Config{
		Region: "eu-west-1", HTTPClient: box,
		Credentials: credentials.NewStaticCredentialsProvider("111111111111", "secret", ""),
	}
	elsewhere := cfg.Copy()
	elsewhere.BaseEndpoint = sdk.String("http://127.0.0.1:4566")
	for name, c := range map[string]struct {
		cfg     sdk.Config
		account string
		err     error
	}{
		"the account":        {cfg, "111111111111", nil},
		"another account":    {cfg, "222222222222", errors.New("the credentials are of account 111111111111")},
		"no account":         {cfg, "", errors.New("has to be the ID")},
		"an emulator of AWS": {elsewhere, "111111111111", errors.New("which is not AWS")},
	} {
		err := mustBeAccount(t.Context(), c.cfg, c.account)
		if (err == nil) != (c.err == nil) || err != nil && !strings.Contains(err.Error(), c.err.Error()) {
			t.Errorf("%s: got %v, want %v", name, err, c.err)
		}
	}
	for _, call := range box.Calls() {
		if call.Name() != "eu-west-1/sts:GetCallerIdentity" {
			t.Errorf("%s was called before it was known whose account this is", call.Name())
		}
	}
}
