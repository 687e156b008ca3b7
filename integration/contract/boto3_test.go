package contract

import (
	"net/http/httptest"
	"os/exec"
	"testing"

	"provision/integration/localstack"
	"provision/pkg/sandbox"
)

// speed makes what AWS takes minutes for last a fraction of a second.
const speed = 1000

// boto3 speaks to a served sandbox over the network, and shares no code with the SDK for Go.
func TestContractBoto3(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what needs Python")
	}
	python, err := localstack.Python(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sandbox.New(sandbox.Options{Clock: sandbox.NewScaledClock(speed)}))
	defer server.Close()
	script := exec.CommandContext(t.Context(), python, "boto3_check.py")
	script.Env = localstack.Environment(server.URL, sandbox.DefaultAccount)
	output, err := script.CombinedOutput()
	if err != nil {
		t.Fatalf("boto3_check.py: %v\n%s", err, output)
	}
	t.Logf("%s", output)
}
