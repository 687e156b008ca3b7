package config

import (
	"strings"
	"time"
)

const (
	portSSH   = 22
	portHTTPS = 443
)

func validateLB(s Settings, l layer, mistakes *mistakes) {
	port := l["lb.port"]
	switch {
	case s.LB.Port == portHTTPS && s.LB.TLS.On():
		mistakes.setting(port, "leave port at 80: it redirects there", "443 is the port of the TLS listener")
	case s.LB.Port == portHTTPS:
		mistakes.setting(port, "set lb.tls.certificate_arn", "443 is never opened to the internet without TLS")
	case s.LB.Port == portSSH:
		mistakes.setting(port, "instances are reached by `provision connect`", "22 is never opened")
	}
	validateDuration(l["lb.interval"], 5*time.Second, 300*time.Second, mistakes)
	validateDuration(l["lb.drain"], 0, time.Hour, mistakes)
	validateDuration(l["verify.timeout"], time.Second, time.Hour, mistakes)
	validateCertificate(s, l["lb.tls.certificate_arn"], mistakes)
}

// validateDuration also refuses parts of a second, which AWS does not take.
func validateDuration(v value, least, most time.Duration, mistakes *mistakes) {
	d, _ := v.data.(time.Duration)
	switch {
	case d < least || d > most:
		mistakes.setting(v, "", "must be %s to %s, not %s", formatDuration(least), formatDuration(most), formatDuration(d))
	case d%time.Second != 0:
		mistakes.setting(v, "", "must be whole seconds, not %s", d)
	}
}

func validateCertificate(s Settings, v value, mistakes *mistakes) {
	if !s.LB.TLS.On() {
		return
	}
	const form = "want arn:aws:acm:REGION:ACCOUNT:certificate/ID"
	text, partition := s.LB.TLS.CertificateARN, Partition(s.Region)
	arn := strings.SplitN(text, ":", 6)
	switch {
	case len(arn) < 6 || arn[5] == "":
		mistakes.setting(v, form, "%q is not the ARN of a certificate", text)
	case arn[1] != partition:
		mistakes.setting(v, "", "the certificate is of partition %s, but %s is in %s", arn[1], s.Region, partition)
	case arn[2] == "acm" && arn[3] != s.Region:
		mistakes.setting(v, "set it under overrides."+s.Region, "the certificate is of %s and can't be used in %s",
			arn[3], s.Region)
	}
}
