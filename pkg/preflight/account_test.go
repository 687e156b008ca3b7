package preflight

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"provision/pkg/cloud"
	"provision/pkg/sandbox"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// preflight is one of an empty account, by a clock that is so much ahead of AWS's.
func preflight(t *testing.T, ahead time.Duration) Preflight {
	t.Helper()
	c, err := cloud.Open(t.Context(), cloud.Options{Instead: &cloud.Stand{
		Client:      sandbox.New(sandbox.Options{}),
		Credentials: credentials.NewStaticCredentialsProvider(sandbox.DefaultAccount, "test", ""),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return Preflight{
		Stack: &stack.Stack{Cloud: c, Regions: []string{"eu-west-1"}},
		Store: state.NewLocal(filepath.Join(t.TempDir(), "web.json"), state.Options{}),
		Now:   func() time.Time { return time.Now().Add(ahead) },
	}
}

func TestClock(t *testing.T) {
	for ahead, want := range map[time.Duration]Level{
		0: OK, 59 * time.Second: OK, -50 * time.Second: OK,
		2 * time.Minute: Warning, -4 * time.Minute: Warning,
		5*time.Minute + time.Second: Failed, -time.Hour: Failed,
	} {
		synctest.Test(t, func(t *testing.T) {
			got := preflight(t, ahead).clock(t.Context())
			if got.Level != want || got.Region != state.Global {
				t.Errorf("%s ahead: %+v", ahead, got)
			}
			if want != OK && !strings.Contains(got.Next, "NTP") {
				t.Errorf("%s ahead: the way out is %q", ahead, got.Next)
			}
		})
	}
}

func TestLockThatSomebodyHoldsStopsARun(t *testing.T) {
	p := preflight(t, 0)
	if got := p.lock(t.Context()); got.Level != OK {
		t.Errorf("free: %+v", got)
	}
	lock, err := p.Store.Acquire(t.Context(), state.Request{Holder: state.Self("up", time.Now())})
	if err != nil {
		t.Fatal(err)
	}
	got := p.lock(t.Context())
	if got.Level != Failed || !strings.Contains(got.Detail, "up") || !strings.Contains(got.Next, "--lock-timeout") {
		t.Errorf("a run holds it: %+v", got)
	}
	if err := lock.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.lock(t.Context()); got.Level != OK {
		t.Errorf("it was given back: %+v", got)
	}
}

func TestStops(t *testing.T) {
	for _, tc := range []struct {
		found []Finding
		want  string
	}{
		{nil, ""},
		{[]Finding{ok("eu-west-1", "plan", ""), warning("eu-west-1", "image", "", "")}, ""},
		{[]Finding{ok("eu-west-1", "plan", ""), failed("us-east-1", "zones", "", "too few"), ok("global", "lock", "")}, "us-east-1: zones: too few"},
		{[]Finding{failed("global", "permissions", "", "no"), failed("a", "b", "", "c")}, "permissions: no\na: b: c"},
	} {
		got := ""
		if err := Stops(tc.found); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%+v: %q", tc.found, got)
		}
	}
}
