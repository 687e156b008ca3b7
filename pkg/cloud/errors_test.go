package cloud

import (
	"strings"
	"testing"

	"github.com/aws/smithy-go"
)

func answer(service, code, message string) error {
	return &smithy.OperationError{ServiceID: service, OperationName: "X", Err: &smithy.GenericAPIError{Code: code, Message: message}}
}

// Every code is one service's: what ends the same, or is another service's, says nothing about whether a thing exists.
func TestNotFoundIsMatchedWholeAndPerService(t *testing.T) {
	walked := 0
	for service, codes := range notFound {
		for _, code := range codes {
			walked++
			if !IsNotFound(answer(service, code, "")) {
				t.Errorf("%s: %s is not known", service, code)
			}
			for _, other := range []string{"KMS." + code, code + "X", "X" + code, code[:len(code)-1], "X." + code} {
				if IsNotFound(answer(service, other, "")) || IsNotFound(&smithy.GenericAPIError{Code: other}) {
					t.Errorf("%s: %s passes for one that says not found", service, other)
				}
			}
			for another := range notFound {
				shared := false
				for _, known := range notFound[another] {
					shared = shared || known == code
				}
				if !shared && IsNotFound(answer(another, code, "")) {
					t.Errorf("%s is %s's, and passes for %s's", code, service, another)
				}
			}
		}
	}
	if walked < 40 {
		t.Errorf("only %d codes were walked", walked)
	}
	for _, code := range []string{
		"KMS.NotFoundException", "NotFoundException", "InvalidKMSKey.NotFound", "OwnershipControlsNotFoundError", "",
	} {
		if IsNotFound(answer("S3", code, "")) {
			t.Errorf("%q of S3 says that nothing is there", code)
		}
	}
}

// A refusal of S3 can have several causes, each with its own advice.
func TestAdviceOnBuckets(t *testing.T) {
	for _, c := range []struct{ service, code, message, advice string }{
		{"S3", "AccessDenied", "Access Denied", "state.bucket_owner"},
		{"S3", "AccessDenied", "User: x is not authorized to perform: kms:Decrypt on resource: y", "kms:GenerateDataKey"},
		{"S3", "KMS.NotFoundException", "Key does not exist", "cancel its deletion"},
		{"S3", "KMS.DisabledException", "Key is disabled", "enable the KMS key"},
		{"EC2", "UnauthorizedOperation", "kms:Decrypt", "add the action to its policy"},
	} {
		if got := Advice(answer(c.service, c.code, c.message)); !strings.Contains(got, c.advice) {
			t.Errorf("%s %s: %q", c.service, c.code, got)
		}
	}
}
