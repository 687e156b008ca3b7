package localstack

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// A load balancer knows the subnets that EC2 made, and Auto Scaling EC2's launch templates: the two services that
// LocalStack lacks share the memory of those it has.
func TestServicesShareOneWorld(t *testing.T) {
	cfg := Config(Endpoint(t), Account(t), "eu-west-1")
	subnets, err := ec2.NewFromConfig(cfg).DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(subnets.Subnets) < 2 {
		t.Fatalf("the default VPC has %d subnets, want at least 2", len(subnets.Subnets))
	}
	subnet := subnets.Subnets[0]
	balancers := elasticloadbalancingv2.NewFromConfig(cfg)
	made, err := balancers.CreateLoadBalancer(t.Context(), &elasticloadbalancingv2.CreateLoadBalancerInput{
		Name:    aws.String("web"),
		Subnets: []string{*subnet.SubnetId, *subnets.Subnets[1].SubnetId},
		Type:    types.LoadBalancerTypeEnumApplication,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := *made.LoadBalancers[0].VpcId; got != *subnet.VpcId {
		t.Errorf("the load balancer is in VPC %s, want that of its subnets, %s", got, *subnet.VpcId)
	}
	groups := autoscaling.NewFromConfig(cfg)
	_, err = groups.CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(0), MaxSize: aws.Int32(0),
		VPCZoneIdentifier: subnet.SubnetId, LaunchConfigurationName: aws.String("absent"),
	})
	if err == nil {
		t.Error("a group with a launch configuration that does not exist was accepted")
	}
}

func TestAccountsAreApart(t *testing.T) {
	endpoint := Endpoint(t)
	create := ec2.NewFromConfig(Config(endpoint, Account(t), "us-east-1"))
	vpc, err := create.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.1.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	other := ec2.NewFromConfig(Config(endpoint, Account(t), "us-east-1"))
	seen, err := other.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range seen.Vpcs {
		if *v.VpcId == *vpc.Vpc.VpcId {
			t.Errorf("another account sees VPC %s", *v.VpcId)
		}
	}
}

func TestStopLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what needs LocalStack")
	}
	t.Setenv(EndpointVariable, "")
	server, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if answers(t.Context(), server.Endpoint) {
		t.Errorf("%s still answers after Stop", server.Endpoint)
	}
	if _, err := os.Stat(server.process.root); !os.IsNotExist(err) {
		t.Errorf("Stop left %s: %v", server.process.root, err)
	}
}

// The helper process is this test binary itself: it starts a LocalStack and is killed.
func TestKilledParentLeavesNoOrphan(t *testing.T) {
	const helper = "PROVISION_TEST_HELPER"
	if path := os.Getenv(helper); path != "" {
		server, err := Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".tmp", []byte(server.Endpoint), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".tmp", path); err != nil {
			t.Fatal(err)
		}
		select {} // until the parent kills it
	}
	if testing.Short() {
		t.Skip("-short leaves out what needs LocalStack")
	}
	path := filepath.Join(t.TempDir(), "endpoint")
	parent := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	parent.Env = append(os.Environ(), helper+"="+path, EndpointVariable+"=")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var endpoint []byte
	waitFor(t, "the helper's LocalStack", func() bool {
		var err error
		endpoint, err = os.ReadFile(path)
		return err == nil
	})
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := parent.Wait(); err == nil {
		t.Error("the helper ended by itself, want it killed")
	}
	waitFor(t, "its end", func() bool { return !answers(t.Context(), string(endpoint)) })
}

func TestEndpointOfTheEnvironmentIsUsedAsItIs(t *testing.T) {
	const given = "http://127.0.0.1:1/emulator"
	t.Setenv(EndpointVariable, given)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(t.TempDir(), "cache"))
	server, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if server.Endpoint != given {
		t.Errorf("got %s, want %s", server.Endpoint, given)
	}
	if _, err := os.Stat(os.Getenv("XDG_CACHE_HOME")); !os.IsNotExist(err) {
		t.Errorf("something was installed: %v", err)
	}
}

func TestAccountHasTwelveDigits(t *testing.T) {
	account := Account(t)
	if _, err := strconv.ParseUint(account, 10, 64); err != nil || len(account) != 12 {
		t.Errorf("got %q, want 12 digits", account)
	}
	if account == Account(t) {
		t.Errorf("two accounts have the ID %s", account)
	}
}

func TestEnvironmentLeadsAwayFromTheMachinesOwnAccount(t *testing.T) {
	t.Setenv("AWS_PROFILE", "production")
	t.Setenv("PROVISION_TEST", "kept")
	got := Environment("http://127.0.0.1:1", "123456789012")
	for _, want := range []string{"AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_ACCESS_KEY_ID=123456789012", "PROVISION_TEST=kept"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is missing from %q", want, got)
		}
	}
	if slices.Contains(got, "AWS_PROFILE=production") {
		t.Error("the profile of the machine's user is passed on")
	}
}

// LocalStack runs with what the lock file pins, hashes included, and finds the provider by its entry points.
func TestAssetsAreEmbedded(t *testing.T) {
	lock, err := assets.ReadFile("requirements.lock")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lock)) {
		if strings.Contains(line, "==") && !strings.HasSuffix(strings.TrimSpace(line), `\`) {
			t.Errorf("a requirement without a hash: %s", line)
		}
	}
	points, err := fs.Glob(assets, "provider/*.dist-info/entry_points.txt")
	if err != nil || len(points) != 1 {
		t.Errorf("entry points of the provider: %v, %v", points, err)
	}
}

func TestAnswersIsFalseForAnyOtherServer(t *testing.T) {
	address, err := freeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{Addr: address, Handler: http.NotFoundHandler(), ReadHeaderTimeout: hangs}
	if answers(t.Context(), "http://"+address) {
		t.Error("nobody listens, and yet it answers")
	}
	go func() { _ = server.ListenAndServe() }()
	defer server.Close()
	if answers(t.Context(), "http://"+address) {
		t.Error("a server that is no LocalStack counts as one")
	}
}

// hangs is how long something takes that hangs, and never what is slow on a busy machine.
const hangs = 10 * time.Minute

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	limit := time.After(hangs)
	for !done() {
		select {
		case <-limit:
			t.Fatalf("waited %s for %s", hangs, what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
