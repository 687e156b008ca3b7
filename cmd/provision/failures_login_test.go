package main

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

// loginFailures are of the credentials and settings on this machine, which AWS's SDK reads: the program is run as it is.
func loginFailures() []login {
	return []login{
		{name: "no-credentials", command: "plan --regions eu-west-1"},
		{name: "no-profile", command: "plan --regions eu-west-1 --profile staging"},
		{
			name: "sso-expired", command: "plan --regions eu-west-1 --profile dev",
			files: map[string]string{
				".aws/config": "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n" +
					"[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n",
				".aws/sso/cache/" + cacheName("corp") + ".json": `{"accessToken": "old", "expiresAt": "2020-01-01T00:00:00Z"}`,
			},
		},
		{
			name: "sso-never", command: "plan --regions eu-west-1 --profile dev",
			files: map[string]string{
				".aws/config": "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n" +
					"[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n",
			},
		},
		{name: "stale", command: "up plan.json --sandbox", before: planThenMove},
		{name: "sandbox-busy", command: "plan --regions eu-west-1 --sandbox", before: openSandbox},
		{name: "no-file", command: "plan -f production.yaml"},
	}
}

// login is a failure of the program as it is, in a home of its own.
type login struct {
	name, command string
	files         map[string]string // in the home
	before        func(*testing.T)
}

func (l login) happen(t *testing.T) string {
	home := t.TempDir()
	t.Chdir(home)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") || strings.HasPrefix(name, "PROVISION_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, ".aws", "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, ".aws", "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("PROVISION_SANDBOX_SPEED", "1000")
	for name, text := range l.files {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if l.before != nil {
		l.before(t)
	}
	var out, problems bytes.Buffer
	code := run(strings.Fields(l.command), strings.NewReader(""), &out, &problems, nil)
	if code == ending.Done {
		t.Errorf("nothing went wrong:\n%s", out.String())
	}
	return shown(l.command, code, problems.String(), home)
}

// cacheName is the AWS CLI's for the token of an sso-session.
func cacheName(session string) string {
	sum := sha1.Sum([]byte(session))
	return hex.EncodeToString(sum[:])
}

// openSandbox is another run that works on the same sandbox.
func openSandbox(t *testing.T) {
	box, err := sandbox.Open(defaultSandboxFile, sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
}

// planThenMove saves a plan, and then another run creates the stack.
func planThenMove(t *testing.T) {
	for _, command := range []string{"plan --sandbox --regions eu-west-1 --out plan.json", "up --sandbox --regions eu-west-1 --yes"} {
		var out, problems bytes.Buffer
		if code := run(strings.Fields(command), strings.NewReader(""), &out, &problems, nil); code != ending.Done {
			t.Fatalf("%s: exit code %d\n%s%s", command, code, out.String(), problems.String())
		}
	}
}
