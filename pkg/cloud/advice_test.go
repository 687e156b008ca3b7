package cloud

import (
	"slices"
	"testing"

	"github.com/aws/smithy-go"
)

// shared are the codes that AWS uses for more than one thing. Advice for these needs the operation or AWS's words.
var shared = []string{
	"OperationNotPermitted", "ResourceInUse", "LimitExceeded", "InvalidParameter",
	"InvalidParameterValue", "InvalidParameterCombination", "ValidationError", "ValidationException", "Unsupported",
	"UnsupportedOperation", "InvalidServiceName", "RouteAlreadyExists", "InvalidConfigurationRequest", "InvalidSubnet",
	"IncorrectState", "InvalidState", "DependencyViolation", "ResourceInUseFault", "Client.InternalError",
}

// No advice is by a code alone that means several things: each rule of such a code asks for operation or words, and has none
// where both are others.
func TestAdviceIsNeverByAnAmbiguousCodeAlone(t *testing.T) {
	for _, a := range advice {
		for _, code := range a.codes {
			ambiguous := slices.Contains(shared, code)
			if ambiguous && len(a.operations) == 0 && a.words == "" {
				t.Errorf("%s: %q is advised whatever was refused", code, a.next)
			}
			if ambiguous && a.fits(code, "DescribeVpcs", "other words") {
				t.Errorf("%s: %q is advised for another operation in other words", code, a.next)
			}
			operation := "Any"
			if len(a.operations) > 0 {
				operation = a.operations[0]
			}
			err := &smithy.OperationError{OperationName: operation, Err: &smithy.GenericAPIError{Code: code, Message: a.words}}
			if Advice(err) == "" {
				t.Errorf("%s at %s has no advice", code, operation)
			}
		}
	}
	for _, code := range shared {
		if next := AdviceFor(code); next != "" {
			t.Errorf("%s alone is advised: %q", code, next)
		}
	}
}

func TestAdviceTellsMeaningsApart(t *testing.T) {
	refused := func(operation, code, message string) error {
		return &smithy.OperationError{OperationName: operation, Err: &smithy.GenericAPIError{Code: code, Message: message}}
	}
	restricted := Advice(refused("CreateLoadBalancer", "OperationNotPermitted",
		"This AWS account currently does not support creating load balancers. For more information, please contact AWS Support."))
	protected := Advice(refused("DeleteLoadBalancer", "OperationNotPermitted",
		"Load balancer 'arn' cannot be deleted because deletion protection is enabled"))
	role := Advice(refused("CreateRole", "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"))
	group := Advice(refused("CreateAutoScalingGroup", "LimitExceeded", "You have reached the limit"))
	denied := Advice(refused("CreateVpc", "UnauthorizedOperation", "You are not authorized to perform this operation"))
	explicit := Advice(refused("CreateVpc", "UnauthorizedOperation", "with an explicit deny in a service control policy"))
	seen := map[string]bool{}
	for _, next := range []string{restricted, protected, role, group, denied, explicit} {
		if next == "" || seen[next] {
			t.Errorf("%q is advised twice, or nothing is", next)
		}
		seen[next] = true
	}
}
