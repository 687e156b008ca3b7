package config_test

import (
	"fmt"
	"testing"

	"provision/pkg/config"
)

func TestSettingsThatAreOn(t *testing.T) {
	settings := config.Defaults()
	settings.Network.NAT = config.NATNone
	certified := settings
	certified.LB.TLS.CertificateARN = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
	for _, c := range []struct {
		name     string
		settings config.Settings
		path     string
		want     bool
	}{
		{"a mode", settings, "endpoints.s3", true},
		{"none", settings, "network.nat", false},
		{"empty", settings, "lb.tls.certificate_arn", false},
		{"not empty", certified, "lb.tls.certificate_arn", true},
		{"a section with nothing in it", settings, "lb.tls", false},
		{"a section with something in it", certified, "lb.tls", true},
	} {
		if got := c.settings.On(c.path); got != c.want {
			t.Errorf("%s: %s is on: %t, want %t", c.name, c.path, got, c.want)
		}
	}
	defer func() {
		if got, want := fmt.Sprint(recover()), `there is no setting "network.nats"`; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}()
	settings.On("network.nats")
}
