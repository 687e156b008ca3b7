package reliability

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"provision/pkg/sandbox"
)

// withFlowLogs are the settings of the small stack with flow logs, in a file.
func withFlowLogs(t testing.TB, flowLogs string) string {
	t.Helper()
	return settingsOf(t, "network: {azs: 2, nat: single, flow_logs: "+flowLogs+"}")
}

// settingsOf are settings with these defaults, in a file.
func settingsOf(t testing.TB, defaults ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.yaml")
	text := "version: 1\ndefaults:\n  " + strings.Join(defaults, "\n  ") + "\n"
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

const rejected = "{traffic: reject}"

// A run that is killed before or after any of its calls while it creates flow logs, replaces one by either way, or removes
// them, is completed by the next run; and if the settings are put back in between, the next run puts the stack back.
func TestCrashAtEveryCallAroundFlowLogs(t *testing.T) {
	for name, c := range map[string]struct{ from, to string }{
		"turned on":             {"{traffic: none}", rejected},
		"created first":         {rejected, "{traffic: all}"},
		"deleted first":         {rejected, "{traffic: reject, interval: 1m}"},
		"created first, longer": {rejected, "{traffic: accept, interval: 1m, retention_days: 30}"},
		"turned off":            {rejected, "{traffic: none}"},
	} {
		for _, lag := range some(2, []int{0, 3}) {
			o := sandbox.Options{ReadLag: lag, Latency: latency, Seed: uint64(lag)}
			t.Run(name+map[int]string{3: ", reads lag"}[lag], func(t *testing.T) {
				t.Parallel()
				before, after := withFlowLogs(t, c.from), withFlowLogs(t, c.to)
				var others account
				var shots []shot
				count := map[string]map[string]int{} // of each kind, by the settings
				synctest.Test(t, func(t *testing.T) {
					cam, filmed := &camera{}, o
					filmed.Intercept = cam.intercept
					w := newWorld(t, filmed)
					others = w.furnish(t)
					w.settings = before
					must(t, w.up(t.Context()))
					w.wait(t, time.Minute)
					count[before] = w.account(t).without(others).count()
					w.settings = after
					shots = cam.film(t, w, func() error { return w.up(t.Context()) })
					count[after] = w.account(t).without(others).count()
				})
				for _, s := range some(4, shots) {
					for next, settings := range map[string]string{"next up": after, "put back": before} {
						runCase(t, next+" "+s.name(), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) {
								w := s.after(t, o, 0)
								w.settings = settings
								must(t, w.up(t.Context()))
								if settings == before { // what reads do not show yet is no longer desired: a run that sees it deletes it
									for range lag {
										must(t, w.up(t.Context()))
									}
								}
								w.mustBeUp(t, others, count[settings])
							})
						})
					}
				}
			})
		}
	}
}
