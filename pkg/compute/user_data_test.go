package compute

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

func TestNginxScript(t *testing.T) {
	const limit = 16 << 10 // of user data
	if len(NginxScript) > limit || !strings.HasPrefix(NginxScript, "#!/bin/bash\n") {
		t.Errorf("%d bytes that begin with %.20q can't be user data", len(NginxScript), NginxScript)
	}
	if !strings.Contains(NginxScript, "Welcome to nginx!") {
		t.Error("the page does not say what people look for")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here to check the script's syntax with")
	}
	check := exec.Command(bash, "-n")
	check.Stdin = strings.NewReader(NginxScript)
	var complaints bytes.Buffer
	check.Stderr = &complaints
	if err := check.Run(); err != nil {
		t.Errorf("%v: %s", err, complaints.String())
	}
}
