package config

import (
	"slices"
	"strings"
)

// validateTargets checks each target as the stack that it is. Targets that differ in nothing but their account are one
// stack as far as that goes: a fleet of hundreds is checked once.
func (c *Config) validateTargets(file *reader, mistakes *mistakes) {
	seen, taken := map[string]bool{}, map[string]string{}
	for _, name := range c.Targets {
		t := c.target(name)
		t.validateAccount(mistakes)
		own := validateRegionList(c.targetRegions(name), mistakes)
		t.validatePlace(own, taken, mistakes)
		settings := ""
		if t.hasSettings(file) {
			settings = name
		}
		if key := settings + " " + strings.Join(own, " "); !seen[key] {
			seen[key] = true
			t.validateSettings(own, file, mistakes)
		}
	}
}

// hasSettings says whether a target changes anything in its regions.
func (c *Config) hasSettings(file *reader) bool {
	_, overrides := file.keys[c.Target.path("overrides")]
	return overrides || len(c.merged.under(c.Target.path("defaults"))) > 0
}

// validateAccount finds a target that the guard would refuse, or that contradicts itself.
func (c *Config) validateAccount(mistakes *mistakes) {
	account, role := c.merged[c.Target.path("account")], c.merged[c.Target.path("role_arn")]
	if of := accountOf(role.text()); of != "" && of != c.Target.Account {
		mistakes.setting(account, "remove account, or correct one of them", "%s is not the account of the role, which is %s",
			c.Target.Account, of)
		return
	}
	if allowed := c.Guard.Accounts; len(allowed) > 0 && c.Target.Account != "" && !slices.Contains(allowed, c.Target.Account) {
		mistakes.setting(c.accountSetting(), "add it there, or remove the target", "account %s is not among guard.accounts", c.Target.Account)
	}
}

// validatePlace finds two targets that would make the same things in the same place; taken remembers who is where.
func (c *Config) validatePlace(regions []string, taken map[string]string, mistakes *mistakes) {
	account := c.Target.Account
	for _, region := range regions {
		place := account + " " + region
		if first := taken[place]; first != "" && account != "" {
			mistakes.setting(c.accountSetting(), "set other regions for one of them",
				"the targets %s and %s are both in %s of account %s", first, c.Target.Name, region, account)
			return
		}
		taken[place] = c.Target.Name
	}
}

// accountSetting is what says a target's account.
func (c *Config) accountSetting() value {
	if account := c.merged[c.Target.path("account")]; !account.isZero() {
		return account
	}
	return c.merged[c.Target.path("role_arn")]
}
