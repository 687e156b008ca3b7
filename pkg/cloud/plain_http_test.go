package cloud

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"testing"
)

// Wherever an endpoint comes from, credentials do not go to another machine without TLS.
func TestPlainHTTPToOthersIsRefused(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_ACCESS_KEY_ID", "a")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		variable, url string
		allowed       bool
	}{
		"a flag":                 {"", "http://aws.example:4566", false},
		"a variable":             {"AWS_ENDPOINT_URL", "http://10.0.0.1", false},
		"the service's variable": {"AWS_ENDPOINT_URL_STS", "http://localhost.example", false},
		"a name of this machine": {"", "http://localhost:4566", true},
		"its address":            {"AWS_ENDPOINT_URL", "http://127.0.0.53", true},
		"its address of IPv6":    {"", "http://[::1]:4566", true},
		"with TLS":               {"", "https://aws.example", true},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{}
			if c.variable != "" {
				t.Setenv(c.variable, c.url)
			} else {
				o.EndpointURL = c.url
			}
			opened, err := Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			if c.allowed {
				ctx = stopped // it is not sent in the test, either
			}
			_, err = opened.Identity(ctx, "eu-west-1")
			if _, refused := errors.AsType[*PlainHTTPError](err); refused == c.allowed {
				t.Errorf("%s: %v", c.url, err)
			}
		})
	}
	sent := false
	client := onlyTLS{clientFunc(func(*http.Request) (*http.Response, error) { sent = true; return nil, errors.New("sent") })}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://aws.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(req); err == nil || sent {
		t.Errorf("sent: %v, error %v", sent, err)
	}
}
