package sandbox

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"provision/pkg/sandbox/wire"
)

// IAM is one world per account: its things belong to no region.
// Limits and codes are those of "IAM and AWS STS quotas" and of the API reference's lists of errors.

// iamArea registers the operations of IAM.
func iamArea(reg *registry) {
	iamRoleOperations(reg)
	iamPolicyOperations(reg)
	iamBoundaryOperations(reg)
	iamProfileOperations(reg)
	iamProviderOperations(reg)
	reg.add("iam", "SimulatePrincipalPolicy", reads, simulatePrincipalPolicy)
}

const (
	iamNamePattern = `^[\w+=,.@-]{1,%d}$`
	maxRoleName    = 64
	maxProfileName = 128
	maxIAMTags     = 50
)

var (
	roleName    = regexp.MustCompile(fmt.Sprintf(iamNamePattern, maxRoleName))
	profileName = regexp.MustCompile(fmt.Sprintf(iamNamePattern, maxProfileName))
	iamPath     = regexp.MustCompile(`^(/|/[!-~]+/)$`)
)

// noEntity is the answer for a thing that does not exist.
func noEntity(format string, args ...any) *Error {
	return iamError("NoSuchEntity", http.StatusNotFound, format, args...)
}

// entityExists is the answer for a name that is taken.
func entityExists(format string, args ...any) *Error {
	return iamError("EntityAlreadyExists", http.StatusConflict, format, args...)
}

// deleteConflict is the answer for a thing that has others attached.
func deleteConflict(first string) *Error {
	return iamError("DeleteConflict", http.StatusConflict, "Cannot delete entity, must %s first.", first)
}

func limitExceeded(quota string, limit int) *Error {
	return iamError("LimitExceeded", http.StatusConflict, "Cannot exceed quota for %s: %d", quota, limit)
}

func iamError(code string, status int, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: status}
}

// iamInvalid is the answer for a parameter that its constraints rule out.
func iamInvalid(parameter, constraint string) *Error {
	lower := strings.ToLower(parameter[:1]) + parameter[1:]
	return fail("ValidationError", "1 validation error detected: Value at '%s' failed to satisfy constraint: %s",
		lower, constraint)
}

// iamName reads the parameter that names a thing.
func iamName(p wire.Params, parameter string, valid *regexp.Regexp) (string, error) {
	name := p.Str(parameter)
	if !valid.MatchString(name) {
		return "", iamInvalid(parameter, "Member must satisfy regular expression pattern: "+valid.String())
	}
	return name, nil
}

// iamPathOf reads the optional path of a resource to create.
func iamPathOf(p wire.Params) (string, error) {
	path := p.Str("Path")
	if path == "" {
		return "/", nil
	}
	if !iamPath.MatchString(path) {
		return "", iamInvalid("Path", "Member must begin and end with /")
	}
	return path, nil
}

func iamARN(account, kind, path, name string) string {
	return "arn:aws:iam::" + account + ":" + kind + path + name
}

// iamID is a unique identifier such as AROA…; see "IAM identifiers".
func (r *region) iamID(prefix string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	id := []byte(prefix)
	for n := r.draw("iam/" + prefix); len(id) < len(prefix)+17; n = mix(n) {
		id = append(id, digits[n%uint64(len(digits))])
	}
	return string(id)
}
