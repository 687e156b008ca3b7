package sandbox

import (
	"fmt"
	"net/http"
)

// Error is an error as AWS answers it.
type Error struct {
	Code    string
	Message string
	Status  int // of HTTP; 0 means 400
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// fail is an error of the caller, HTTP status 400.
func fail(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

func missing(parameter string) *Error {
	return fail("MissingParameter", "The request must contain the parameter %s", parameter)
}

func badValue(parameter, value string) *Error {
	return fail("InvalidParameterValue", "Value (%s) for parameter %s is invalid.", value, parameter)
}

// held is what the deletion of a thing answers that others still depend on.
func held(kind, id string) *Error {
	return fail("DependencyViolation", "The %s '%s' has dependencies and cannot be deleted.", kind, id)
}

func internal(format string, args ...any) *Error {
	return &Error{Code: "InternalFailure", Message: fmt.Sprintf(format, args...), Status: http.StatusInternalServerError}
}
