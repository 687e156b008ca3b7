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
	for partition, service := range map[string]string{
		"aws": "ec2.amazonaws.com", "aws-us-gov": "ec2.amazonaws.com", "aws-cn": "ec2.amazonaws.com.cn",
	} {
		r := Role{Partition: partition}
		if want := "arn:" + partition + ":iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"; r.boundary() != want {
			t.Errorf("%s: got %s, want %s", partition, r.boundary(), want)
		}
		statement := `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"` + service +
			`"}}],"Version":"2012-10-17"}`
		if got := trustPolicy(partition); got != statement {
			t.Errorf("%s: got %s, want %s", partition, got, statement)
		}
	}
}

// The instances can be reached by Session Manager, and do nothing else.
func TestSessionPolicyIsWhatTheGuideLists(t *testing.T) {
	want := `{"Statement":[{"Action":["ssm:UpdateInstanceInformation","ssmmessages:CreateControlChannel",` +
		`"ssmmessages:CreateDataChannel","ssmmessages:OpenControlChannel","ssmmessages:OpenDataChannel"],` +
		`"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`
	if got := SessionPolicy(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
