package graph

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var errNeedsAPerson = errors.New("it needs a person")

// hopelessKind and hopeless never get ready; long is how long a wait for them may take.
type hopelessKind struct {
	toyKind
	stuck error
	long  time.Duration
}

func (k hopelessKind) Stuck(toyState) error         { return k.stuck }
func (k hopelessKind) Limit(toyState) time.Duration { return k.long }

type hopeless struct {
	toy
	kind hopelessKind
}

func (h hopeless) Stuck(o toyState) error         { return h.kind.Stuck(o) }
func (h hopeless) Limit(o toyState) time.Duration { return h.kind.Limit(o) }

// Pace lets looks start early.
func (hopeless) Pace() Pace { return Pace{} }

// A wait ends as soon as a look tells that it does not help, and otherwise after the resource's own limit.
func TestAWaitThatDoesNotHelpEnds(t *testing.T) {
	for name, c := range map[string]struct {
		stuck error
		long  time.Duration
		want  string
		least time.Duration
	}{
		"stuck":                {stuck: errNeedsAPerson, want: errNeedsAPerson.Error()},
		"with its own limit":   {long: 3 * time.Hour, want: "not done after 3h0m0s", least: 3 * time.Hour},
		"with the kind's pace": {want: "not done after 10m0s", least: 10 * time.Minute},
	} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			kind := hopelessKind{toyKind{world: w, name: "a", takes: 100 * time.Hour}, c.stuck, c.long}
			g := New("toyland")
			AddKind(g, kind)
			s := shape{nodes: []node{{key: "a/0", takes: 100 * time.Hour}}}
			Add(g, hopeless{s.build(w).byKey["a/0"].(wishOf[toyState]).r.(toy), kind})
			start := time.Now()
			err := up(t.Context(), toyEngine(j), g)
			took := time.Since(start)
			if err == nil || !strings.Contains(err.Error(), c.want) || took < c.least || took > c.least+time.Minute {
				t.Errorf("%s: %v after %s, want %q after %s", name, err, took, c.want, c.least)
			}
		})
	}
}
