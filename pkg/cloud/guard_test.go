package cloud_test

import (
	"strings"
	"testing"

	"provision/pkg/cloud"
)

func TestGuard(t *testing.T) {
	deployer := cloud.Identity{
		Account: "123456789012", ARN: "arn:aws:sts::123456789012:assumed-role/provision-apply/ci", Source: "AWS_PROFILE=prod",
	}
	for _, c := range []struct {
		name  string
		guard cloud.Guard
		who   cloud.Identity
		want  []string // parts of the refusal; none: allowed
	}{
		{name: "nothing is said", who: deployer},
		{name: "the account", guard: cloud.Guard{Accounts: []string{"123456789012"}}, who: deployer},
		{name: "one of the accounts", guard: cloud.Guard{Accounts: []string{"1", "123456789012"}}, who: deployer},
		{
			name: "another account", guard: cloud.Guard{Accounts: []string{"999999999999"}}, who: deployer,
			want: []string{"assumed-role/provision-apply/ci", "account 123456789012", "from AWS_PROFILE=prod", "only account 999999999999"},
		},
		{name: "the role behind the session", guard: cloud.Guard{Roles: []string{"arn:aws:iam::*:role/provision-*"}}, who: deployer},
		{
			name: "another role", guard: cloud.Guard{Roles: []string{"arn:aws:iam::*:role/admin"}}, who: deployer,
			want: []string{"only role arn:aws:iam::*:role/admin"},
		},
		{
			name: "a user is no role", guard: cloud.Guard{Roles: []string{"arn:aws:iam::*:role/*"}},
			who:  cloud.Identity{Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/alice"},
			want: []string{"user/alice"},
		},
		{
			name: "root", guard: cloud.Guard{Roles: []string{"arn:aws:iam::*:role/*"}},
			who:  cloud.Identity{Account: "123456789012", ARN: "arn:aws:iam::123456789012:root"},
			want: []string{":root"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.guard.Check(c.who)
			if (err != nil) != (len(c.want) > 0) {
				t.Fatalf("got %v", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

// A refusal tells where the credentials come from if that is known, and has no empty words for it if not.
func TestGuardOfCredentialsOfUnknownSource(t *testing.T) {
	err := cloud.Guard{Accounts: []string{"2"}}.Check(cloud.Identity{Account: "1", ARN: "arn:aws:iam::1:root"})
	if want := "the credentials are arn:aws:iam::1:root in account 1, but only account 2 is allowed"; err == nil || err.Error() != want {
		t.Errorf("Check() = %v, want %q", err, want)
	}
}

func TestGuardOfRegions(t *testing.T) {
	guard := cloud.Guard{Regions: []string{"eu-*", "us-east-1"}}
	if err := guard.CheckRegions([]string{"eu-west-1", "us-east-1"}); err != nil {
		t.Error(err)
	}
	if err := guard.CheckRegions([]string{"eu-west-1", "us-east-2"}); err == nil || !strings.Contains(err.Error(), "us-east-2") {
		t.Errorf("got %v", err)
	}
	if err := (cloud.Guard{}).CheckRegions([]string{"us-east-2"}); err != nil {
		t.Error(err)
	}
}
