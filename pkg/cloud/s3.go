package cloud

import "strings"

// IsNoBucket says whether S3 answered that there is no such bucket, rather than no such object. Answers to HEAD have
// no body, and so no better code than NotFound.
func IsNoBucket(err error) bool {
	code := Code(err)
	return code == "NoSuchBucket" || code == "NotFound"
}

// IsNoObject reports whether S3 answered that there is no such object or version. Other missing things do not count,
// such as the key that the object is encrypted with: then the object exists.
func IsNoObject(err error) bool {
	code := Code(err)
	return code == "NoSuchKey" || code == "NoSuchVersion"
}

// IsNewBucket says whether a bucket may just be too new, or S3 still busy with it, for what was asked of it.
func IsNewBucket(err error) bool {
	code := Code(err)
	return code == "NoSuchBucket" || code == "OperationAborted"
}

// IsConditionFailed reports whether S3 refused a write for its If-Match or If-None-Match: the object is not, or no
// longer, the one that the caller expects, or another run is writing it now. See "How to prevent object overwrites with
// conditional writes" in the S3 user guide.
func IsConditionFailed(err error) bool {
	switch Code(err) {
	case "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey":
		return true
	}
	return false
}

// IsUnset says whether S3 answered that a bucket has no such setting: no policy, no lifecycle and so on.
func IsUnset(err error) bool {
	code := Code(err)
	return strings.HasPrefix(code, "NoSuch") && code != "NoSuchBucket" ||
		code == "ServerSideEncryptionConfigurationNotFoundError"
}

// IsNotImplemented says whether an endpoint answered that it lacks what the call asks for.
func IsNotImplemented(err error) bool { return Code(err) == "NotImplemented" }
