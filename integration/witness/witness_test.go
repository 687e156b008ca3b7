package witness

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/effect"
	"provision/pkg/sandbox"
)

func scene(change func(*sandbox.Scene)) sandbox.Scene {
	s := sandbox.Scene{
		Region: "eu-west-1", Healthy: map[string]int{"web": 3}, Answers: map[string][]int{"web": {80, 443}}, Recorded: 1,
	}
	change(&s)
	return s
}

// Whatever was worse at some moment than at the start is a breach, unless the plan announced it.
func TestBreaches(t *testing.T) {
	for name, tc := range map[string]struct {
		worst     func(*sandbox.Scene)
		want      []string
		announced effect.Effect
	}{
		"nothing": {func(*sandbox.Scene) {}, nil, effect.Effect{}},
		"targets": {
			func(s *sandbox.Scene) { s.Healthy["web"] = 1 },
			[]string{"1 of 3 targets were healthy at the least of 3 events, and the plan announces 0 fewer"},
			effect.Effect{Kind: effect.Replaced, Fewer: 2},
		},
		"a port": {
			func(s *sandbox.Scene) { s.Answers["web"] = []int{80} },
			[]string{"requests to port 443 were without an answer"},
			effect.Effect{Kind: effect.PortClosed, From: "443"},
		},
		"all ports": {
			func(s *sandbox.Scene) { s.Answers = nil },
			[]string{"requests to port 80 were without an answer", "requests to port 443 were without an answer"},
			effect.Effect{Kind: effect.NameLost},
		},
		"the way out": {
			func(s *sandbox.Scene) { s.Dark = []string{"b"} },
			[]string{"instances were without a way out in b"},
			effect.Effect{Kind: effect.EgressLost},
		},
		"records": {
			func(s *sandbox.Scene) { s.Recorded = 0 }, []string{"traffic was not recorded"}, effect.Effect{Kind: effect.RecordsLost},
		},
		"a zone of the load balancer": {
			func(s *sandbox.Scene) { s.Unused = 1 }, []string{"the load balancer left a zone before 1 instances did"}, effect.Effect{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := New("web")
			good := scene(func(*sandbox.Scene) {})
			w.Watch(scene(func(s *sandbox.Scene) { s.Healthy["web"], s.Dark = 0, []string{"a"} })) // before the start
			w.Watch(good)
			w.Start()
			w.Watch(scene(tc.worst))
			w.Watch(good)
			if diff := cmp.Diff(tc.want, w.Breaches("eu-west-1", Announced(nil))); diff != "" {
				t.Errorf("unannounced (-want +got):\n%s", diff)
			}
			if got := w.Breaches("eu-west-1", Announced([]effect.Effect{tc.announced})); tc.announced.Kind != "" && len(got) > 0 {
				t.Errorf("announced: %q", got)
			}
		})
	}
}
