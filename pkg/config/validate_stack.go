package config

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	accountID   = regexp.MustCompile(`^[0-9]{12}$`)
	identityARN = regexp.MustCompile(`^arn:[a-z*-]+:(iam|sts)::([0-9]{12}|\*):.+$`)
)

// validateStack checks what belongs to no single region.
func (c *Config) validateStack(file *reader, mistakes *mistakes) {
	c.validateGuard(mistakes)
	c.validateState(file, mistakes)
	validateTags(file, mistakes)
}

// validateRegions checks the settings of each region that can be meant: the stack's own, and those with overrides.
func (c *Config) validateRegions(file *reader, mistakes *mistakes) {
	own := validateRegionList(c.merged["regions"], mistakes)
	c.validateSettings(own, file, mistakes)
	if len(own) == 0 {
		c.region(KnownRegions()[0], mistakes) // the defaults must be sound without any region
	}
}

// validateSettings checks the settings of regions that are one stack's, and of those that have overrides of their own.
func (c *Config) validateSettings(own []string, file *reader, mistakes *mistakes) {
	var settings []Settings
	var layers []layer
	for _, region := range own {
		s, l := c.region(region, mistakes)
		settings, layers = append(settings, s), append(layers, l)
	}
	validateOverlap(settings, layers, mistakes)
	place := c.Target.path("overrides")
	for _, key := range slices.Sorted(maps.Keys(file.keys)) {
		region, isRegion := strings.CutPrefix(key, place+".")
		if _, known := regionIndex[region]; isRegion && !known {
			mistakes.add(file.keys[key], place, DidYouMean(region, KnownRegions()), "unknown region %q", region)
		} else if isRegion && !slices.Contains(own, region) {
			c.region(region, mistakes)
		}
	}
}

// validateRegionList gives a list's regions without those that are wrong.
func validateRegionList(list value, mistakes *mistakes) []string {
	var valid []string
	for i, region := range listOf(list) {
		v := list.item(i)
		_, known := regionIndex[region]
		switch {
		case !known:
			mistakes.setting(v, DidYouMean(region, KnownRegions()), "unknown region %q", region)
		case slices.Contains(valid, region):
			mistakes.setting(v, "remove one", "%s is listed twice", region)
		case len(valid) > 0 && Partition(region) != Partition(valid[0]):
			mistakes.setting(v, "create a stack for each partition",
				"%s is in partition %s and %s in %s: no credentials are valid in both",
				region, Partition(region), valid[0], Partition(valid[0]))
		default:
			valid = append(valid, region)
		}
	}
	return valid
}

// IsAccountID says whether a text is of the form that AWS's account IDs have.
func IsAccountID(text string) bool { return accountID.MatchString(text) }

// IsIdentity says whether a text is the ARN of a role or user, which may have wildcards.
func IsIdentity(text string) bool { return identityARN.MatchString(text) }

func (c *Config) validateGuard(mistakes *mistakes) {
	accounts, roles, regions := c.merged["guard.accounts"], c.merged["guard.roles"], c.merged["guard.regions"]
	for i, account := range c.Guard.Accounts {
		if !IsAccountID(account) {
			mistakes.setting(accounts.item(i), "", "%q is not an account ID of 12 digits", account)
		}
	}
	for i, role := range c.Guard.Roles {
		if !IsIdentity(role) {
			mistakes.setting(roles.item(i), "write it like arn:aws:iam::123456789012:role/NAME",
				"%q is not the ARN of an identity", role)
		}
	}
	for i, pattern := range c.Guard.Regions {
		if !slices.ContainsFunc(KnownRegions(), func(region string) bool {
			matches, err := path.Match(pattern, region)
			return matches && err == nil
		}) {
			mistakes.setting(regions.item(i), DidYouMean(pattern, KnownRegions()), "%q matches no region", pattern)
		}
	}
}

func (c *Config) validateState(file *reader, mistakes *mistakes) {
	filePath, s3, key := file.layer["state.path"], file.layer["state.s3"], file.layer["state.kms_key"]
	if !filePath.isZero() && !s3.isZero() {
		mistakes.setting(s3, "keep path or s3", "the state can be in one place only")
	}
	if text, _ := filePath.data.(string); isURL(text) {
		mistakes.setting(filePath, "a bucket goes under state.s3", "%q is no path", text)
	}
	if c.State.KMSKey != "" && c.State.S3 == "" {
		mistakes.setting(key, "", "a state file is not encrypted by KMS; the key needs state.s3")
	}
	if c.State.BucketOwner != "" && c.State.S3 == "" {
		mistakes.setting(file.layer["state.bucket_owner"], "", "a state file has no bucket; bucket_owner needs state.s3")
	}
	validateDuration(c.merged["state.lease"], 15*time.Second, time.Hour, mistakes)
}

// isURL tells a place from a path, which would become a folder of that name.
func isURL(text string) bool { return strings.Contains(text, "://") }

// item is the i-th item of a list, as a setting of its own.
func (v value) item(i int) value {
	if i < len(v.items) {
		v.at = v.items[i]
	}
	return v
}
