package sandbox_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"

	"provision/pkg/sandbox"
)

func faults(t *testing.T, texts ...string) []sandbox.Fault {
	t.Helper()
	var out []sandbox.Fault
	for _, text := range texts {
		f, err := sandbox.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestParseFaultRefuses(t *testing.T) {
	for _, text := range []string{
		"", "ec2:CreateVpc/before", "*/ec2:CreateVpc", "*/ec2/before", "*/ec2:CreateVpc#0/before", "*/ec2:CreateVpc#x/before",
		"*/ec2:CreateVpc/sideways", "*/ec2:CreateVpc/code=", "[/ec2:CreateVpc/before",
	} {
		if _, err := sandbox.ParseFault(text); err == nil {
			t.Errorf("%q is taken for a fault", text)
		}
	}
}

// Each mode, by what the caller gets and whether there was an effect.
func TestFaultModes(t *testing.T) {
	for _, test := range []struct {
		fault, code string // no code: the connection was cut
		effect      bool
	}{
		{"eu-west-1/ec2:AllocateAddress#1/before", "", false},
		{"eu-west-1/ec2:AllocateAddress#1/lost-response", "", true},
		{"*/ec2:AllocateAddress/after-effect", "InternalError", true},
		{"*/*:*/throttle", "RequestLimitExceeded", false},
		{"eu-*/ec2:Allocate*#*/5xx", "InternalError", false},
		{"*/ec2:AllocateAddress/expired-token", "RequestExpired", false},
		{"*/ec2:AllocateAddress/clock-skew", "SignatureDoesNotMatch", false},
		{"*/ec2:AllocateAddress/code=AddressLimitExceeded,message=full", "AddressLimitExceeded", false},
	} {
		t.Run(test.fault, func(t *testing.T) {
			s := sandbox.New(sandbox.Options{Faults: faults(t, test.fault)})
			_, err := ec2Client(s, "eu-west-1").AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
			api, answered := errors.AsType[smithy.APIError](err)
			switch {
			case err == nil:
				t.Error("no error")
			case answered != (test.code != "") || answered && api.ErrorCode() != test.code:
				t.Errorf("got %v, want code %q", err, test.code)
			}
			left, err := s.Dump(sandbox.DefaultAccount, true)
			if err != nil {
				t.Fatal(err)
			}
			if effect := string(left) != "{}"; effect != test.effect {
				t.Errorf("effect: %v, want %v", effect, test.effect)
			}
		})
	}
}

// Only the call that is meant is hurt, and the count is of the calls that match.
func TestFaultAddress(t *testing.T) {
	s := sandbox.New(sandbox.Options{Faults: faults(t, "eu-west-1/ec2:DescribeVpcs#2/throttle")})
	ireland, virginia := ec2Client(s, "eu-west-1"), ec2Client(s, "us-east-1")
	var got []string
	for _, client := range []*ec2.Client{ireland, virginia, virginia, ireland, ireland} {
		_, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
		got = append(got, code(t, err))
	}
	if want := []string{"", "", "", "RequestLimitExceeded", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A response that is lost makes the SDK's own retry repeat the call: AWS has two VPCs then, and so has the sandbox.
func TestLostResponseDuplicates(t *testing.T) {
	s := sandbox.New(sandbox.Options{Faults: faults(t, "*/ec2:CreateVpc#1/lost-response")})
	cfg := awsConfig(s, "eu-west-1")
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	client := ec2.NewFromConfig(cfg)
	if _, err := client.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")}); err != nil {
		t.Fatal(err)
	}
	out, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	if err != nil || len(out.Vpcs) != 2 {
		t.Errorf("%d VPCs, %v", len(out.Vpcs), err)
	}
}

// The same seed hurts the same calls, about as many as the chances say.
func TestChaosIsRepeatable(t *testing.T) {
	run := func(seed uint64) []string {
		client := ec2Client(sandbox.New(sandbox.Options{Seed: seed, Chaos: sandbox.Chaos{Throttle: 0.3, ServerError: 0.05}}), "eu-west-1")
		var out []string
		for range 400 {
			_, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
			out = append(out, code(t, err))
		}
		return out
	}
	first := run(7)
	if !slices.Equal(first, run(7)) {
		t.Error("one seed, two outcomes")
	}
	if slices.Equal(first, run(8)) {
		t.Error("two seeds, one outcome")
	}
	hurt := map[string]int{}
	for _, c := range first {
		hurt[c]++
	}
	if n := hurt["RequestLimitExceeded"]; n < 80 || n > 160 {
		t.Errorf("%d of 400 calls throttled at 30 %%", n)
	}
	if n := hurt["InternalError"]; n < 5 || n > 40 {
		t.Errorf("%d of 400 calls failed at 5 %%", n)
	}
}

// The interceptor sees a call before and after its effect, and can cut the network at either.
func TestIntercept(t *testing.T) {
	cut := errors.New("cut")
	for _, at := range []sandbox.Moment{sandbox.Before, sandbox.After} {
		s := sandbox.New(sandbox.Options{Intercept: func(c sandbox.Call, now sandbox.Moment) error {
			if c.Mutating && now == at {
				return cut
			}
			return nil
		}})
		_, err := ec2Client(s, "eu-west-1").AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
		if !errors.Is(err, cut) {
			t.Errorf("cut at %d: %v", at, err)
		}
		out, err := ec2Client(s, "eu-west-1").DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
		if err != nil || len(out.Addresses) != int(at) {
			t.Errorf("cut at %d: %d addresses, %v", at, len(out.Addresses), err)
		}
	}
}

func TestCalls(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	client := ec2Client(s, "eu-west-1")
	for range 2 {
		if _, err := client.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-1"}})
	if code(t, err) != "InvalidVpcID.NotFound" {
		t.Fatal(err)
	}
	calls := s.Calls()
	if len(calls) != 3 || calls[2].Seq != 3 || calls[2].Status != http.StatusBadRequest || calls[2].Mutating || !calls[0].Mutating {
		t.Errorf("calls: %+v", calls)
	}
	if n := s.CallCounts()["eu-west-1/ec2:AllocateAddress"]; n != 2 {
		t.Errorf("counted %d", n)
	}
	s.ForgetCalls()
	if len(s.Calls()) != 0 {
		t.Error("calls are not forgotten")
	}
}

// 100 describes in a row are let through, then 20 a second.
func TestThrottling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := ec2Client(sandbox.New(sandbox.Options{Throttling: true}), "eu-west-1")
		through := func(calls int) (n int) {
			for range calls {
				_, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
				switch code(t, err) {
				case "":
					n++
				case "RequestLimitExceeded":
				default:
					t.Fatal(err)
				}
			}
			return n
		}
		if n := through(150); n != 100 {
			t.Errorf("%d of 150 calls at once", n)
		}
		time.Sleep(time.Second)
		if n := through(150); n != 20 {
			t.Errorf("%d of 150 calls a second later", n)
		}
	})
}

// Latency is in the clock's time, and the effect is half way.
func TestLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{Latency: time.Second})
		start := time.Now()
		_, err := ec2Client(s, "eu-west-1").AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
		if err != nil || time.Since(start) != time.Second {
			t.Errorf("took %s, %v", time.Since(start), err)
		}
	})
}

// Over a socket a lost response is a connection that ends, and throttles have the shape of each protocol.
func TestServed(t *testing.T) {
	s := sandbox.New(sandbox.Options{Faults: faults(t, "*/ec2:AllocateAddress#1/lost-response", "*/ssm:GetParameter/throttle")})
	server := httptest.NewServer(s)
	defer server.Close()
	cfg := awsConfig(s, "eu-west-1")
	cfg.HTTPClient, cfg.BaseEndpoint = server.Client(), &server.URL
	client := ec2.NewFromConfig(cfg)
	_, err := client.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
	if _, answered := errors.AsType[smithy.APIError](err); err == nil || answered {
		t.Errorf("lost response over a socket: %v", err)
	}
	out, err := client.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	if err != nil || len(out.Addresses) != 1 {
		t.Errorf("%v %v", out, err)
	}
	_, err = ssm.NewFromConfig(cfg).GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/a")})
	if got := code(t, err); got != "ThrottlingException" {
		t.Errorf("throttled SSM: %q", got)
	}
}
