package cloud

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Guard is where and as whom a stack may be worked on. Empty lists allow everything.
type Guard struct {
	Accounts []string // 12 digits each
	Roles    []string // patterns of role ARNs, with * and ?
	Regions  []string // patterns of region names
}

// GuardError says that the guard refused, and why.
type GuardError struct{ Why string }

func (e *GuardError) Error() string { return e.Why }

// Check refuses an identity that the guard does not name.
func (g Guard) Check(i Identity) error {
	who := fmt.Sprintf("the credentials are %s in account %s", i.ARN, i.Account)
	if i.Source != "" {
		who += " (from " + i.Source + ")"
	}
	if len(g.Accounts) > 0 && !slices.Contains(g.Accounts, i.Account) {
		return &GuardError{fmt.Sprintf("%s, but only account %s is allowed", who, strings.Join(g.Accounts, ", "))}
	}
	if len(g.Roles) > 0 && !matchesAny(g.Roles, i.Role()) {
		return &GuardError{fmt.Sprintf("%s, but only role %s is allowed", who, strings.Join(g.Roles, ", "))}
	}
	return nil
}

// CheckRegions refuses a region that the guard does not name. It needs no call.
func (g Guard) CheckRegions(regions []string) error {
	for _, region := range regions {
		if len(g.Regions) > 0 && !matchesAny(g.Regions, region) {
			return &GuardError{fmt.Sprintf("region %s is not among those allowed: %s", region, strings.Join(g.Regions, ", "))}
		}
	}
	return nil
}

// matchesAny treats a slash as any other character, so that a pattern for a role covers its path.
func matchesAny(patterns []string, text string) bool {
	plain := func(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(plain(pattern), plain(text))
		return ok && err == nil
	})
}
