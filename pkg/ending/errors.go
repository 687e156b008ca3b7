package ending

import (
	"errors"
	"fmt"
	"syscall"

	"provision/pkg/graph"
	"provision/pkg/verdict"
)

// The ends that are no failure of the program's: each has an exit code of its own.
var (
	ErrChanges  = errors.New("there are changes")
	ErrDeclined = errors.New("declined: nothing was changed")
	ErrTimeout  = fmt.Errorf("%w: --timeout has passed; the calls in flight are recorded", graph.ErrStopped)
)

// VerdictError says, with --detailed-exitcode, how the regions are: no failure, and nothing to print.
type VerdictError struct{ Code int }

func (e VerdictError) Error() string { return "the regions are not all as wanted and healthy" }

// ErrorOf is nil for a stack that is as wanted and healthy.
func ErrorOf(all ...verdict.Verdict) error {
	if code := verdict.Code(all...); code != Done {
		return VerdictError{code}
	}
	return nil
}

// UsageError is a command line that can't be meant.
type UsageError struct{ Err error }

func (e UsageError) Error() string { return e.Err.Error() }

// Unwrap gives what is wrong with it.
func (e UsageError) Unwrap() error { return e.Err }

// Usagef is a [UsageError] in these words.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// RefusedError is a run that was stopped before its first write.
type RefusedError struct{ Err error }

func (e RefusedError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e RefusedError) Unwrap() error { return e.Err }

// Refusedf is a [RefusedError] in these words.
func Refusedf(format string, args ...any) error { return RefusedError{fmt.Errorf(format, args...)} }

// StoppedError is why a run ends early: the user asked it to.
type StoppedError struct {
	Signal     syscall.Signal
	AtQuestion bool // nothing had started
}

func (e StoppedError) Error() string {
	name := "SIGTERM"
	if e.Signal == syscall.SIGINT {
		name = "SIGINT" // or the live view's key
	}
	if e.AtQuestion {
		return fmt.Sprintf("stopped on request (%s): nothing was changed", name)
	}
	return fmt.Sprintf("stopped on request (%s); the calls in flight are recorded", name)
}

// Unwrap says that nothing went wrong.
func (e StoppedError) Unwrap() error { return graph.ErrStopped }

// Is makes it the same request wherever the run was.
func (e StoppedError) Is(target error) bool {
	other, ok := target.(StoppedError)
	return ok && other.Signal == e.Signal
}

// Code is the exit code by which shells know the signal.
func (e StoppedError) Code() int { return 128 + int(e.Signal) }

// Advisor is an error that says itself what to do about it, as a clause.
type Advisor interface {
	error
	NextStep() string
}

// AdvisedError is an error with the next step that only the command that met it knows.
type AdvisedError struct {
	Err  error
	Step string
}

func (e AdvisedError) Error() string { return e.Err.Error() }

// Unwrap gives the error.
func (e AdvisedError) Unwrap() error { return e.Err }

// NextStep implements [Advisor].
func (e AdvisedError) NextStep() string { return e.Step }
