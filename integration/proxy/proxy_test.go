package proxy

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"provision/integration/localstack"
)

// upstream answers all calls with 200, and counts them.
func upstream(t *testing.T) (url string, served *atomic.Int64) {
	t.Helper()
	served = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		served.Add(1)
		_, _ = w.Write([]byte(`<R><vpc><vpcId>vpc-1</vpcId></vpc></R>`))
	}))
	t.Cleanup(server.Close)
	return server.URL, served
}

func once(cfg aws.Config) aws.Config {
	cfg.RetryMaxAttempts = 1
	return cfg
}

func createVpc(t *testing.T, p *Proxy, region string) error {
	t.Helper()
	client := ec2.NewFromConfig(once(localstack.Config(p.URL, "123456789012", region)))
	_, err := client.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	return err
}

func TestRefusalOfARegion(t *testing.T) {
	url, served := upstream(t)
	p := New(t, url)
	p.Inject(Fault{Region: "eu-west-1"})
	if err := createVpc(t, p, "us-east-1"); err != nil {
		t.Errorf("another region: %v", err)
	}
	var refused smithy.APIError
	if err := createVpc(t, p, "eu-west-1"); !errors.As(err, &refused) || refused.ErrorCode() != "UnauthorizedOperation" {
		t.Errorf("got %v, want UnauthorizedOperation", err)
	}
	if served.Load() != 1 {
		t.Errorf("AWS was asked %d times, want once", served.Load())
	}
	statuses := []int{}
	for _, call := range p.Calls().Named("ec2:CreateVpc") {
		statuses = append(statuses, call.Status)
	}
	if want := []int{200, 403}; !slices.Equal(statuses, want) {
		t.Errorf("recorded %v, want %v", statuses, want)
	}
}

func TestRefusalIsUnderstoodInEachProtocol(t *testing.T) {
	p := New(t, "http://127.0.0.1:1")
	p.Inject(Fault{Status: http.StatusBadRequest, Code: "Chosen"})
	cfg := once(localstack.Config(p.URL, "123456789012", "us-east-1"))
	for _, err := range readEach(t, cfg) {
		var refused smithy.APIError
		if !errors.As(err, &refused) || refused.ErrorCode() != "Chosen" {
			t.Errorf("got %v, want the code Chosen", err)
		}
	}
}

func TestModes(t *testing.T) {
	tests := map[string]struct {
		mode   Mode
		served int64 // by AWS, of the second call
		struck int64 // of the same, when Then runs
		fails  bool
	}{
		"drop the request": {mode: DropRequest, fails: true},
		"lose the answer":  {mode: LoseAnswer, served: 1, struck: 1, fails: true},
		"pass":             {mode: Pass, served: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url, served := upstream(t)
			p := New(t, url)
			var strikes, struck atomic.Int64
			p.Inject(Fault{
				Name: "ec2:Create*", Nth: 2, Writes: true, Mode: test.mode,
				Then: func() { strikes.Add(1); struck.Store(served.Load() - 1) },
			})
			if err := createVpc(t, p, "us-east-1"); err != nil {
				t.Fatalf("the first call: %v", err)
			}
			err := createVpc(t, p, "us-east-1")
			if failed := err != nil; failed != test.fails {
				t.Errorf("the second call: %v", err)
			}
			if got := served.Load() - 1; got != test.served {
				t.Errorf("AWS was asked %d times by the second call, want %d", got, test.served)
			}
			if strikes.Load() != 1 || struck.Load() != test.struck {
				t.Errorf("Then ran %d times, when AWS had served %d, want once and %d",
					strikes.Load(), struck.Load(), test.struck)
			}
			if err := createVpc(t, p, "us-east-1"); err != nil {
				t.Errorf("the third call: %v", err)
			}
		})
	}
}

func TestUnreachableEndpointIsNoAnswer(t *testing.T) {
	p := New(t, "http://127.0.0.1:1")
	err := createVpc(t, p, "us-east-1")
	var answered smithy.APIError
	if err == nil || errors.As(err, &answered) {
		t.Errorf("got %v, want an error of the connection", err)
	}
}

func TestConcurrentCallsAreAllRecorded(t *testing.T) {
	url, _ := upstream(t)
	p := New(t, url)
	var callers sync.WaitGroup
	regions := []string{"us-east-1", "eu-west-1"}
	for i := range 20 {
		callers.Go(func() {
			if err := createVpc(t, p, regions[i%2]); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	want := map[string]map[string]int{"us-east-1": {"ec2:CreateVpc": 10}, "eu-west-1": {"ec2:CreateVpc": 10}}
	if diff := cmp.Diff(want, p.Calls().Count()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for i, call := range p.Calls().Mutating() {
		if call.Number != i+1 || call.End < call.Begin || call.Parameters.Get("CidrBlock") != "10.0.0.0/16" {
			t.Errorf("call %d is recorded as %+v", i+1, call)
		}
	}
	if text := p.Calls().String(); !strings.Contains(text, "eu-west-1: 10 calls, 10 mutating\n    10 ec2:CreateVpc\n") {
		t.Errorf("as text:\n%s", text)
	}
	if p.Reset(); len(p.Calls()) != 0 {
		t.Errorf("%d calls after Reset", len(p.Calls()))
	}
}

// LocalStack gets exactly the requests that the SDK sends: all of its protocols pass, and are told apart.
func TestBeforeLocalStack(t *testing.T) {
	p := New(t, localstack.Endpoint(t))
	account := localstack.Account(t)
	for i, err := range readEach(t, localstack.Config(p.URL, account, "eu-west-1")) {
		if err != nil {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	want := []string{
		"ec2:DescribeVpcs", "autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeLoadBalancers",
		"iam:ListRoles", "ssm:DescribeParameters", "sts:GetCallerIdentity", "s3:ListBuckets",
	}
	calls := p.Calls().By(account)
	if diff := cmp.Diff(want, calls.Names()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if writes := calls.Mutating(); len(writes) > 0 {
		t.Errorf("these count as mutating: %v", writes.Names())
	}
}

// readEach makes one read of each service that the program uses.
func readEach(t *testing.T, cfg aws.Config) []error {
	t.Helper()
	ctx := t.Context()
	errs := make([]error, 7)
	_, errs[0] = ec2.NewFromConfig(cfg).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	_, errs[1] = autoscaling.NewFromConfig(cfg).
		DescribeAutoScalingGroups(ctx, &autoscaling.DescribeAutoScalingGroupsInput{})
	_, errs[2] = elasticloadbalancingv2.NewFromConfig(cfg).
		DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	_, errs[3] = iam.NewFromConfig(cfg).ListRoles(ctx, &iam.ListRolesInput{})
	_, errs[4] = ssm.NewFromConfig(cfg).DescribeParameters(ctx, &ssm.DescribeParametersInput{})
	_, errs[5] = sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	_, errs[6] = s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).
		ListBuckets(ctx, &s3.ListBucketsInput{})
	return errs
}
