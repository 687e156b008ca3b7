package cloud

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// awsFiles gives the SDK its files, and an environment that says nothing else.
func awsFiles(t *testing.T) (credentials string) {
	t.Helper()
	dir := t.TempDir()
	credentials = filepath.Join(dir, "credentials")
	settings := filepath.Join(dir, "config")
	for path, text := range map[string]string{
		credentials: "[default]\naws_access_key_id=a\naws_secret_access_key=b\n[prod]\naws_access_key_id=a\naws_secret_access_key=b\n",
		settings:    "[profile tool]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\"}'\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_REGION", "AWS_DEFAULT_REGION",
	} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", credentials)
	t.Setenv("AWS_CONFIG_FILE", settings)
	return credentials
}

func TestSourceNamesWhatAPersonCanChange(t *testing.T) {
	for _, c := range []struct {
		name    string
		set     map[string]string
		options Options
		want    string // <file> stands for the credentials file
	}{
		{name: "the default profile", want: "the profile default in <file>"},
		{name: "a variable names the profile", set: map[string]string{"AWS_PROFILE": "prod"}, want: "AWS_PROFILE=prod in <file>"},
		{name: "a flag names the profile", options: Options{Profile: "prod"}, want: "--profile prod in <file>"},
		{name: "a program gives them", options: Options{Profile: "tool"}, want: "--profile tool, by its credential_process"},
		{
			name: "variables hold the keys", want: "the variable AWS_ACCESS_KEY_ID",
			set: map[string]string{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
		},
		{
			name: "a flag's profile goes before variables", options: Options{Profile: "prod"}, want: "--profile prod in <file>",
			set: map[string]string{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := awsFiles(t)
			for name, value := range c.set {
				t.Setenv(name, value)
			}
			opened, err := Open(t.Context(), c.options)
			if err != nil {
				t.Fatal(err)
			}
			creds, err := opened.base.Credentials.Retrieve(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(c.want, "<file>", file)
			if got := opened.origin.describe(creds.Source); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestOnlyCredentialsThatSomebodyRenewsEnd(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		id   Identity
		want bool
	}{
		{"they do not say when", Identity{}, false},
		{"they end before", Identity{Expires: noon.Add(-time.Minute)}, true},
		{"they end after", Identity{Expires: noon.Add(time.Minute)}, false},
		{"they are renewed", Identity{Expires: noon.Add(-time.Minute), Renewed: true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.id.EndsBefore(noon); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// Calls without a region use the partition of the settings' regions, unless the configuration names a region.
func TestDefaultRegion(t *testing.T) {
	awsFiles(t)
	for _, c := range []struct{ near, variable, want string }{
		{"", "", "us-east-1"},
		{"eu-west-1", "", "us-east-1"},
		{"cn-northwest-1", "", "cn-north-1"},
		{"us-gov-east-1", "", "us-gov-west-1"},
		{"cn-northwest-1", "cn-northwest-1", "cn-northwest-1"},
		{"us-east-1", "eu-west-1", "eu-west-1"},
	} {
		t.Setenv("AWS_REGION", c.variable)
		opened, err := Open(t.Context(), Options{Near: c.near})
		if err != nil {
			t.Fatal(err)
		}
		if got := opened.DefaultRegion(); got != c.want {
			t.Errorf("near %q with AWS_REGION=%q: got %s, want %s", c.near, c.variable, got, c.want)
		}
	}
}
