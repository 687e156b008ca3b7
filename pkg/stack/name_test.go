package stack_test

import (
	"testing"
	"testing/synctest"

	"provision/pkg/sandbox"
)

// For every valid name of a stack, AWS accepts the names of its things: each kind of thing has rules of its own.
func TestAnyNameOfAStackWillDo(t *testing.T) {
	for name, why := range map[string]string{
		"a":                     "launch templates have three characters at least",
		"sg-apac":               "security groups don't begin with sg-",
		"default":               "a security group of that name comes with the VPC",
		"internal-tools":        "load balancers don't begin with internal-",
		"abcdefghij-klmnopqrst": "load balancers and target groups have 32 characters at most",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{}, "eu-west-1")
				w.name = name
				if _, err := w.up(t.Context()); err != nil {
					t.Errorf("up, although %s: %v", why, err)
				}
			})
		})
	}
}
