package compute

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// A refusal of one zone lasts only if all zones refuse, and a success or a launch in progress shows that refusals have passed.
func TestTroubleOf(t *testing.T) {
	const unsupported = "Your requested instance type is not supported in your requested Availability Zone (x)."
	failed, cancelled := types.ScalingActivityStatusCodeFailed, types.ScalingActivityStatusCodeCancelled
	started, succeeded := types.ScalingActivityStatusCodePreInService, types.ScalingActivityStatusCodeSuccessful
	for name, tc := range map[string]struct {
		launches []launchAttempt
		why      bool
		lasts    bool
	}{
		"none":                      {},
		"one zone":                  {[]launchAttempt{{failed, unsupported, "a"}}, true, false},
		"both zones":                {[]launchAttempt{{failed, unsupported, "b"}, {failed, unsupported, "a"}}, true, true},
		"blocked":                   {[]launchAttempt{{failed, "This account is currently blocked.", "a"}}, true, true},
		"accepted since":            {[]launchAttempt{{started, "", "a"}, {failed, "currently blocked", "a"}}, true, false},
		"died, and launched again":  {[]launchAttempt{{started, "", "a"}, {cancelled, "Client error on launch", "a"}}, true, true},
		"succeeded since":           {[]launchAttempt{{succeeded, "", "a"}, {cancelled, "Client error on launch", "a"}}, false, false},
		"unknown words":             {[]launchAttempt{{failed, "The moon is full.", "a"}}, true, false},
		"a new profile, then quota": {[]launchAttempt{{failed, "Invalid IAM Instance Profile name", "a"}, {failed, "vCPU limit", "a"}}, true, true},
	} {
		got := troubleOf(tc.launches, []string{"a", "b"})
		if (got.Why != "") != tc.why || (got.Next != "") != tc.lasts {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
