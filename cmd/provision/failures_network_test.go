package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"

	"provision/pkg/sandbox"
)

// networkFailures are what happens between this machine and AWS. The errors are those of net and crypto/tls; net/http
// wraps them as it does on a real network.
func networkFailures() []failure {
	return []failure{
		{name: "dns", command: planHere, as: through(&http.Transport{DialContext: noSuchHost})},
		{name: "refused", command: planHere, as: through(&http.Transport{DialContext: refuses})},
		{name: "timeout", command: planHere, as: through(&http.Transport{DialContext: timesOut})},
		{
			name: "proxy", command: planHere,
			as: through(&http.Transport{DialContext: refuses, Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: "127.0.0.1:3128"})}),
		},
		{name: "certificate", command: planHere, as: through(&http.Transport{DialTLSContext: unknownAuthority})},
		{name: "cut-off", command: upHere, faults: []string{"*/ec2:DescribeVpcs/before"}},
	}
}

func through(transport *http.Transport) func(*world) runner {
	return func(*world) runner {
		return runner{client: &http.Client{Transport: transport}, key: sandbox.DefaultAccount}
	}
}

func noSuchHost(_ context.Context, network, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}

func refuses(_ context.Context, network, address string) (net.Conn, error) {
	return nil, dialError(network, address, os.NewSyscallError("connect", syscall.ECONNREFUSED))
}

func timesOut(_ context.Context, network, address string) (net.Conn, error) {
	return nil, dialError(network, address, os.NewSyscallError("connect", syscall.ETIMEDOUT))
}

func dialError(network, address string, err error) error {
	host, _, _ := net.SplitHostPort(address)
	to := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}
	if ip := net.ParseIP(host); ip != nil {
		to = &net.TCPAddr{IP: ip, Port: 3128}
	}
	return &net.OpError{Op: "dial", Net: network, Addr: to, Err: err}
}

func unknownAuthority(context.Context, string, string) (net.Conn, error) {
	return nil, &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
}
