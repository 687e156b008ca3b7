package preflight

import (
	"errors"
	"fmt"

	"provision/pkg/cloud"
	"provision/pkg/state"
)

// Level is how bad a finding is.
type Level string

// The levels. Failed stops a run; a warning may.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Failed  Level = "failed"
)

// Finding is what one look found out.
type Finding struct {
	Region string `json:"region"` // [state.Global] for what has no region
	Check  string `json:"check"`  // what was looked at, e.g. "quota: VPCs"
	Level  Level  `json:"level"`
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do about it

	Err error `json:"-"` // what it says, where that is an error with an advice of its own
}

// Error is a finding that stops a run.
type Error struct{ Finding }

func (e *Error) Error() string {
	if e.Region == state.Global {
		return e.Check + ": " + e.Detail
	}
	return e.Region + ": " + e.Check + ": " + e.Detail
}

// Unwrap is the error that the finding says.
func (e *Error) Unwrap() error { return e.Err }

// Stops are the findings that stop a run, an [Error] each.
func Stops(all []Finding) error {
	var stops []error
	for _, f := range all {
		if f.Level == Failed {
			stops = append(stops, &Error{f})
		}
	}
	return errors.Join(stops...)
}

func ok(region, check, format string, args ...any) Finding {
	return Finding{Region: region, Check: check, Level: OK, Detail: fmt.Sprintf(format, args...)}
}

func warning(region, check, next, format string, args ...any) Finding {
	return Finding{Region: region, Check: check, Level: Warning, Detail: fmt.Sprintf(format, args...), Next: next}
}

func failed(region, check, next, format string, args ...any) Finding {
	return Finding{Region: region, Check: check, Level: Failed, Detail: fmt.Sprintf(format, args...), Next: next}
}

// broken is a look that could not be had.
func broken(region, check string, err error) Finding {
	return failed(region, check, cloud.Advice(err), "%v", err)
}
