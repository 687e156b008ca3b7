package session

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"provision/pkg/cloud"
	"provision/pkg/config"
)

const (
	ours    = "111111111111"
	another = "222222222222"
)

func deployer(account string) cloud.Identity {
	return cloud.Identity{Account: account, ARN: "arn:aws:sts::" + account + ":assumed-role/deploy/ci"}
}

// The settings say who may work on the stack; an option takes the place of what they say, and of that only.
func TestGuardIsOfTheSettingsUnlessAnOptionSaysOtherwise(t *testing.T) {
	var settings config.Config
	settings.Guard.Accounts, settings.Guard.Roles = []string{ours}, []string{"*:role/deploy"}
	settings.Guard.Regions = []string{"eu-*"}
	for _, c := range []struct {
		name string
		aws  AWS
		want cloud.Guard
	}{
		{"no options", AWS{}, cloud.Guard{Accounts: []string{ours}, Roles: []string{"*:role/deploy"}, Regions: []string{"eu-*"}}},
		{"account", AWS{Account: another}, cloud.Guard{Accounts: []string{another}, Roles: []string{"*:role/deploy"}, Regions: []string{"eu-*"}}},
		{"role", AWS{Role: "*:role/ci"}, cloud.Guard{Accounts: []string{ours}, Roles: []string{"*:role/ci"}, Regions: []string{"eu-*"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, New(Options{Config: &settings, AWS: c.aws}, nil).guard()); diff != "" {
				t.Errorf("guard (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckIdentity(t *testing.T) {
	for _, c := range []struct {
		name     string
		accounts []string // of the guard
		target   string
		who      string
		refused  string
	}{
		{name: "nothing is said", who: another},
		{name: "the guard's account", accounts: []string{ours}, who: ours},
		{name: "not the guard's account", accounts: []string{ours}, who: another, refused: "only account " + ours},
		{name: "the target's account", target: ours, who: ours},
		{name: "not the target's account", target: ours, who: another, refused: "only account " + ours},
		{name: "allowed, and not the target's", accounts: []string{ours, another}, target: ours, who: another, refused: "only account " + ours},
		{name: "the target's, and not allowed", accounts: []string{ours}, target: another, who: another, refused: "only account " + ours},
	} {
		t.Run(c.name, func(t *testing.T) {
			var settings config.Config
			settings.Guard.Accounts, settings.Target.Account = c.accounts, c.target
			err := New(Options{Config: &settings}, nil).checkIdentity(deployer(c.who))
			if (err == nil) != (c.refused == "") || err != nil && !strings.Contains(err.Error(), c.refused) {
				t.Errorf("checkIdentity() = %v, want %q", err, c.refused)
			}
		})
	}
}
