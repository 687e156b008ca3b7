package sandbox

import (
	"net/http"
	"regexp"
)

// logsArea registers the operations of CloudWatch Logs on log groups. Their events are not in the sandbox.
func logsArea(reg *registry) {
	logGroupOperations(reg)
	logTagOperations(reg)
}

const maxLogGroupName = 512

// logGroupChars are those of CreateLogGroup's reference.
var logGroupChars = regexp.MustCompile(`^[A-Za-z0-9_/.#-]+$`)

// retentions are the days that PutRetentionPolicy's reference lists.
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func logsInvalid(format string, args ...any) *Error {
	return fail("InvalidParameterException", format, args...)
}

// noLogGroup is the answer for one that does not exist.
func noLogGroup() *Error {
	return iamError("ResourceNotFoundException", http.StatusBadRequest, "The specified log group does not exist.")
}
