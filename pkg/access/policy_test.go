package access

import (
	"net/url"
	"testing"
)

func TestPolicyMeaning(t *testing.T) {
	want := trustPolicy("aws")
	for name, text := range map[string]string{
		"as we send it": want,
		"in another order and with spaces": `{"Statement": [ {"Action": "sts:AssumeRole",
			"Principal": {"Service": "ec2.amazonaws.com"}, "Effect": "Allow"} ], "Version": "2012-10-17"}`,
	} {
		got, err := decodePolicy(url.QueryEscape(text))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestPolicyDamaged(t *testing.T) {
	if got, err := decodePolicy("%zz"); err == nil {
		t.Errorf("an encoding that is none is read as %q", got)
	}
	if got, err := decodePolicy("not+json"); err != nil || got != "not json" {
		t.Errorf("what is not JSON should stay as it is: got %q, %v", got, err)
	}
}

func TestPartitions(t *testing.T) {
	for partition, want := range map[string]struct{ arn, service string }{
		"aws":        {"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "ec2.amazonaws.com"},
		"aws-us-gov": {"arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore", "ec2.amazonaws.com"},
		"aws-cn":     {"arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore", "ec2.amazonaws.com.cn"},
	} {
		if got := SessionManagerPolicy(partition); got != want.arn {
			t.Errorf("%s: got %s, want %s", partition, got, want.arn)
		}
		statement := `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"` + want.service +
			`"}}],"Version":"2012-10-17"}`
		if got := trustPolicy(partition); got != statement {
			t.Errorf("%s: got %s, want %s", partition, got, statement)
		}
	}
}
