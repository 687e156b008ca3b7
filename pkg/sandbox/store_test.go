package sandbox_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"provision/pkg/sandbox"
)

func open(t *testing.T, path string, o sandbox.Options) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func dump(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	out, err := s.Dump(sandbox.DefaultAccount, true)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// The next process finds all that the last one left, its pending effects included.
func TestPersistence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "new", "sandbox.json")
		first := open(t, path, sandbox.Options{Seed: 3})
		w := world{t, ec2Client(first, "eu-west-1"), first}
		vpc := w.vpc("10.0.0.0/16")
		w.gateway(vpc)
		subnet := w.subnet(vpc, "10.0.0.0/24", "a")
		nat := w.nat(subnet, w.address())
		before := dump(t, first)
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}

		second := open(t, path, sandbox.Options{Seed: 3})
		defer closeSandbox(t, second)
		if after := dump(t, second); after != before {
			t.Errorf("found another account than was left:\n%s\n%s", before, after)
		}
		w = world{t, ec2Client(second, "eu-west-1"), second}
		if other := w.address(); strings.Contains(before, other) {
			t.Errorf("%s is given twice", other)
		}
		time.Sleep(2 * time.Minute)
		if got := w.natNow(nat).State; got != "available" {
			t.Errorf("the NAT gateway of the process before is %s", got)
		}
	})
}

func closeSandbox(t *testing.T, s *sandbox.Sandbox) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Every answered call is in the file by then, without Close: the process may end at any time.
func TestAnsweredIsSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.json")
	s := open(t, path, sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaElasticIPs: 1000}})
	defer closeSandbox(t, s)
	client := ec2Client(s, "eu-west-1")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 5 {
				out, err := client.AllocateAddress(t.Context(), &ec2.AllocateAddressInput{})
				if err != nil {
					t.Error(err)
					return
				}
				saved, err := os.ReadFile(path)
				if err != nil || !strings.Contains(string(saved), *out.AllocationId) {
					t.Errorf("%s is answered but not saved (%v)", *out.AllocationId, err)
				}
			}
		})
	}
	wait.Wait()
	left, err := filepath.Glob(path + "*")
	if err != nil || len(left) != 2 { // the file and its lock
		t.Errorf("files: %v %v", left, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, test := range []struct{ name, content string }{
		{"empty", ""},
		{"cut off", `{"sandbox": true, "Version": 1, "Accounts": {`},
		{"a real stack's state", `{"schema": 1, "owner": "01J"}`},
		{"a newer version", `{"sandbox": true, "Version": 99}`},
		{"an unknown kind", `{"sandbox": true, "Version": 1, "Accounts": {"1": {"eu-west-1": {"Things": {"moon": []}}}}}`},
	} {
		path := filepath.Join(t.TempDir(), "sandbox.json")
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sandbox.Open(path, sandbox.Options{}); err == nil {
			t.Errorf("%s: opened", test.name)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != test.content {
			t.Errorf("%s: the file was changed to %q (%v)", test.name, now, err)
		}
	}
}

func TestOpenRefusesWhatMayNeverEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.json")
	if err := os.Symlink(os.DevNull, path); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Open(path, sandbox.Options{}); err == nil || !strings.Contains(err.Error(), "a symbolic link") {
		t.Errorf("opened a device: %v", err)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.json")
	s := open(t, path, sandbox.Options{})
	if _, err := sandbox.Open(path, sandbox.Options{}); !errors.Is(err, sandbox.ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := sandbox.Remove(path); !errors.Is(err, sandbox.ErrInUse) {
		t.Errorf("removed while it is open: %v", err)
	}
	closeSandbox(t, s)
	if err := sandbox.Remove(path); err != nil {
		t.Error(err)
	}
	closeSandbox(t, open(t, path, sandbox.Options{}))
}

func TestSnapshotIsMarked(t *testing.T) {
	s := sandbox.New(sandbox.Options{})
	data, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var marker struct {
		Sandbox bool `json:"sandbox"`
	}
	if err := json.Unmarshal(data, &marker); err != nil || !marker.Sandbox {
		t.Errorf("no marker in %s (%v)", data, err)
	}
}

func TestReset(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.json")
	s := open(t, path, sandbox.Options{})
	_, err := ec2Client(s, "eu-west-1").CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	closeSandbox(t, s)
	again := open(t, path, sandbox.Options{})
	defer closeSandbox(t, again)
	if left := dump(t, again); left != "{}" {
		t.Errorf("left after the reset: %s", left)
	}
}

func TestScaledClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := sandbox.NewScaledClock(60)
		virtual, start := clock.Now(), time.Now()
		if err := clock.Sleep(t.Context(), 2*time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 2*time.Second {
			t.Errorf("two minutes took %s", got)
		}
		if got := clock.Now().Sub(virtual); got != 2*time.Minute {
			t.Errorf("the clock went on by %s", got)
		}
	})
}

// The time of a sandbox that was left passes as real time does, and never runs back.
func TestTimeGoesOnBetweenProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "sandbox.json")
		clock := sandbox.NewScaledClock(60)
		s := open(t, path, sandbox.Options{Clock: clock})
		time.Sleep(time.Minute)
		left := clock.Now()
		closeSandbox(t, s)
		time.Sleep(10 * time.Second)
		clock = sandbox.NewScaledClock(60)
		closeSandbox(t, open(t, path, sandbox.Options{Clock: clock}))
		if got := clock.Now().Sub(left); got != 10*time.Second {
			t.Errorf("the clock went on by %s in 10 s of absence", got)
		}
	})
}
