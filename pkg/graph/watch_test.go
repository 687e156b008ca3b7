package graph

import (
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
