package wire

import (
	"fmt"
	"net/http"
)

// Error is an error as AWS answers it.
type Error struct {
	Code    string
	Message string
	Status  int         // of HTTP; 0 means 400
	Header  http.Header // of the answer, beyond those of every answer
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// HTTPStatus is the status of the answer.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// fault says whose an error is, as the query protocols write it.
func (e *Error) fault() string {
	if e.HTTPStatus() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// Fail is an error of the caller, HTTP status 400.
func Fail(code, format string, args ...any) *Error {
	return FailWith(http.StatusBadRequest, code, format, args...)
}

// FailWith is an error with a status of its own.
func FailWith(status int, code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: status}
}

// Missing is the error for a parameter that is required and was not sent.
func Missing(parameter string) *Error {
	return Fail("MissingParameter", "The request must contain the parameter %s", parameter)
}

// BadValue is the error for a value that a parameter can't have.
func BadValue(parameter, value string) *Error {
	return Fail("InvalidParameterValue", "Value (%s) for parameter %s is invalid.", value, parameter)
}

// Internal is an error of the service's own.
func Internal(format string, args ...any) *Error {
	return FailWith(http.StatusInternalServerError, "InternalFailure", format, args...)
}
