package sandbox

import "provision/pkg/sandbox/wire"

// Error is an error as AWS answers it.
type Error = wire.Error

// fail is an error of the caller, HTTP status 400.
func fail(code, format string, args ...any) *Error { return wire.Fail(code, format, args...) }

// invalid is how load balancing, Auto Scaling and IAM refuse a parameter.
func invalid(format string, args ...any) *Error { return fail("ValidationError", format, args...) }

func missing(parameter string) *Error { return wire.Missing(parameter) }

func badValue(parameter, value string) *Error { return wire.BadValue(parameter, value) }

func internal(format string, args ...any) *Error { return wire.Internal(format, args...) }

// held is what the deletion of a thing answers that others still depend on.
func held(kind, id string) *Error {
	return fail("DependencyViolation", "The %s '%s' has dependencies and cannot be deleted.", kind, id)
}
