package reliability

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

// The SDK repeats a call whose answer was lost, as it should for most calls. But CreateVpc has neither token nor unique
// name, so that this creates two VPCs and no error. It is why the program's clients attempt a write once; see
// pkg/cloud/retry.go.
func TestTheSDKsDefaultDoublesAVPC(t *testing.T) {
	lost := faults(t, region+"/ec2:CreateVpc#1/lost-response")
	for name, tc := range map[string]struct {
		client func(*world) *ec2.Client
		vpcs   int
		fails  bool
	}{
		"the SDK's own retries": {func(w *world) *ec2.Client {
			return ec2.NewFromConfig(aws.Config{
				Region: region, HTTPClient: w.box,
				Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "sandbox", ""),
			})
		}, 2, false},
		"the program's clients": {func(w *world) *ec2.Client { return w.clients().EC2 }, 1, true},
	} {
		runCase(t, name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{Faults: lost})
				_, err := tc.client(w).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
				if got := w.account(t).count()[region+" vpc"]; got != tc.vpcs || (err != nil) != tc.fails {
					t.Errorf("%d VPCs and error %v, want %d VPCs and an error: %t", got, err, tc.vpcs, tc.fails)
				}
			})
		})
	}
}

// An answer is lost, or is a 500 although there was the effect, at any call that changes something: the same run
// completes, and nothing is there twice.
func TestLostAnswerAtEveryWrite(t *testing.T) {
	modes := []string{"lost-response", "after-effect"}
	c := undisturbed(t)
	for _, lag := range []int{0, 3} {
		for _, mode := range modes {
			for _, call := range some(12, c.ofUp) {
				runCase(t, fmt.Sprintf("up, lag %d, %s/%s", lag, call, mode), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, sandbox.Options{ReadLag: lag, Faults: faults(t, call+"/"+mode)})
						if err := w.up(t.Context()); err != nil {
							t.Fatalf("up: %v", err)
						}
						w.mustBeUp(t, account{}, c.count)
					})
				})
			}
			for _, call := range some(10, c.ofDown) {
				runCase(t, fmt.Sprintf("down, lag %d, %s/%s", lag, call, mode), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, sandbox.Options{ReadLag: lag})
						if err := w.up(t.Context()); err != nil {
							t.Fatalf("up: %v", err)
						}
						w.box.AddFaults(faults(t, call+"/"+mode)...)
						if err := w.down(t.Context()); err != nil {
							t.Fatalf("down: %v", err)
						}
						w.mustBeDown(t, account{})
					})
				})
			}
		}
	}
}

// course is what a run does that nothing disturbs.
type course struct {
	ofUp, ofDown []string       // each call that changes something, as in the address of a fault
	calls        int            // of up, reads included
	count        map[string]int // what there is of each kind when it is up
}

func undisturbed(t *testing.T) (c course) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{})
		if err := w.up(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.ofUp, c.count, c.calls = writes(w.box), w.account(t).count(), len(w.box.Calls())
		w.box.ForgetCalls()
		if err := w.down(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.ofDown = writes(w.box)
	})
	return c
}

// writes are the calls that changed something, by region/service:Action#n, in an order that does not depend on chance.
func writes(box *sandbox.Sandbox) []string {
	count := map[string]int{}
	all := map[string]bool{}
	for _, call := range box.Calls() {
		if call.Mutating {
			count[call.Name()]++
			all[fmt.Sprintf("%s#%d", call.Name(), count[call.Name()])] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func faults(t testing.TB, texts ...string) []sandbox.Fault {
	t.Helper()
	var all []sandbox.Fault
	for _, text := range texts {
		fault, err := sandbox.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fault)
	}
	return all
}
