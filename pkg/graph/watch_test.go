package graph

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// Lists fail once b is made or deleted, for as long as the case says, in an outage that errors call passing.
func TestAWaitIsBlindForALimitedTime(t *testing.T) {
	for name, c := range map[string]struct {
		outage time.Duration
		err    error
		says   string // empty: the run succeeds
	}{
		"an outage that passes":       {blindLimit - 30*time.Second, errToyLost, ""},
		"throttles that pass":         {blindLimit - 30*time.Second, errToyThrottled, ""},
		"an outage that does not":     {24 * time.Hour, errToyLost, "no read of it has succeeded for 5m"},
		"throttles that do not":       {24 * time.Hour, errToyThrottled, "no read of it has succeeded for 5m"},
		"an error that does not pass": {time.Hour, errToyRefused, ": refused"},
	} {
		for _, command := range []string{"up", "down"} {
			t.Run(command+", "+name, func(t *testing.T) {
				inBubble(t, func(t *testing.T, w *world, j *notebook) {
					if command == "down" {
						if err := up(t.Context(), toyEngine(j), chain.build(w)); err != nil {
							t.Fatal(err)
						}
					}
					start := w.failAfter(map[string]string{"up": "create b/0", "down": "delete b/0"}[command], c.outage, c.err)
					run, tried := up, "toyland: wait for b/0: "
					if command == "down" {
						run, tried = down, "toyland: delete b/0: "
					}
					err := run(t.Context(), toyEngine(j), chain.build(w))
					switch {
					case c.says == "" && err != nil:
						t.Error(err)
					case c.says != "" && (!errors.Is(err, c.err) || !strings.Contains(err.Error(), tried) || !strings.Contains(err.Error(), c.says)):
						t.Errorf("got %v\nwant %s… %s", err, tried, c.says)
					case c.says != "" && time.Since(*start) > defaultLimit:
						t.Errorf("it took %s to say so", time.Since(*start))
					}
				})
			})
		}
	}
}

// failAfter lets all lists fail for a while from a call on. It returns when that was.
func (w *world) failAfter(call string, outage time.Duration, err error) (start *time.Time) {
	start = new(time.Time)
	w.fault = func(_ int, name string) fate {
		if name == call {
			*start = time.Now()
		}
		return fine
	}
	w.blind = func(string) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !start.IsZero() && time.Since(*start) < outage {
			return err
		}
		return nil
	}
	return start
}

// tardy is a kind whose lists are read at once, and answered late.
type tardy struct {
	toy
	late time.Duration
}

func (r tardy) List(ctx context.Context, s *Look) ([]toyState, error) {
	all, err := r.toy.List(ctx, s)
	time.Sleep(r.late)
	return all, err
}

// A wait ends with a look that started after its limit: an answer that was slow to come tells what was true before.
func TestASlowAnswerDoesNotEndAWait(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		says  string
	}{"it is ready by the next look": {defaultLimit - time.Second, ""}, "it never is": {24 * time.Hour, "not done after 10m0s: warming up"}} {
		inBubble(t, func(t *testing.T, w *world, j *notebook) {
			r := shape{nodes: []node{{key: "a/0"}}}.build(w).byKey["a/0"].(wishOf[toyState]).r.(toy)
			w.fault = func(_ int, call string) fate {
				if call == "update a/0 plain" {
					for _, thing := range w.things {
						thing.readyAt = time.Now().Add(c.takes)
					}
				}
				return fine
			}
			g := New("toyland")
			AddKind(g, tardy{r, 4 * time.Minute})
			Add(g, tardy{r, 4 * time.Minute})
			start := time.Now()
			err := up(t.Context(), toyEngine(j), g)
			if (err != nil) != (c.says != "") || !strings.Contains(message(err), c.says) || time.Since(start) > 3*defaultLimit {
				t.Errorf("%s: %v after %s", name, err, time.Since(start))
			}
		})
	}
}

// One look that succeeds between two outages shows that the wait is not blind: each is waited for by itself.
func TestALookBetweenTwoOutagesEndsTheFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world, j *notebook) {
		var made time.Time
		w.fault = func(_ int, call string) fate {
			if call == "update a/0 plain" {
				made = time.Now()
				for _, thing := range w.things {
					thing.readyAt = made.Add(defaultLimit - time.Minute)
				}
			}
			return fine
		}
		w.blind = func(string) error {
			if since := time.Since(made); !made.IsZero() && since > time.Second && (since < 4*time.Minute || since > 5*time.Minute && since < 9*time.Minute) {
				return errToyLost
			}
			return nil
		}
		if err := up(t.Context(), toyEngine(j), alone.build(w)); err != nil {
			t.Error(err)
		}
	})
}
