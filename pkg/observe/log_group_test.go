package observe

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/graph"
)

func TestLogGroupDiff(t *testing.T) {
	wish := LogGroup{
		Meta:      graph.Meta{Is: "log-group", Labels: graph.Tags{Want: map[string]string{"team": "platform"}, Drop: []string{"old"}}},
		Retention: 30,
	}
	tagged := graph.Identity{ID: "/web/flow-logs", Tags: map[string]string{"team": "platform", "others": "stay"}}
	for name, c := range map[string]struct {
		have LogGroupState
		want []graph.Change
	}{
		"as wanted": {LogGroupState{Identity: tagged, Retention: 30}, nil},
		"kept for ever": {
			LogGroupState{Identity: tagged}, []graph.Change{{Field: "retentionInDays", To: "30"}},
		},
		"kept for another time": {
			LogGroupState{Identity: tagged, Retention: 7}, []graph.Change{{Field: "retentionInDays", From: "7", To: "30"}},
		},
		"kept as a policy of the account says": {LogGroupState{Identity: tagged, Retention: 7, Imposed: true}, nil},
		"with other tags": {
			LogGroupState{Identity: graph.Identity{Tags: map[string]string{"team": "x", "old": "y"}}, Retention: 30},
			[]graph.Change{{Field: "tag team", From: "x", To: "platform"}, {Field: "tag old", From: "y"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, wish.Diff(c.have)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLogGroupSaysHowLongEventsAreKept(t *testing.T) {
	for days, want := range map[int]string{0: "keeps events for ever", 7: "keeps events for 7 days"} {
		if got := (LogGroupState{Retention: days}).Facts(); !cmp.Equal(got, []string{want}) {
			t.Errorf("%d days: %q", days, got)
		}
	}
}
