package network

import (
	"testing"
	"testing/synctest"

	"provision/pkg/sandbox"
)

// EC2 may say of an address that it still takes out of a NAT gateway that it is not the caller's to release.
func TestAddressOfAManagedInterfaceScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refusal, err := sandbox.ParseFault("*/ec2:ReleaseAddress#1/code=AuthFailure," +
			"message=You do not have permission to access the specified resource.")
		if err != nil {
			t.Fatal(err)
		}
		s := newStage(t, sandbox.Options{Faults: []sandbox.Fault{refusal}})
		s.Up(s.network)
		s.Down()
	})
}
