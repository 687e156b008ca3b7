package sandbox

import (
	"slices"
	"strings"
	"time"
)

// instanceProfile hands a role to instances.
type instanceProfile struct {
	Path    string
	Name    string
	ID      string
	ARN     string
	Created time.Time
	Tags    iamTags
	Role    string    // the name of its role, at most one; empty if it has none
	Usable  time.Time // when EC2 has heard of it with its role
}

var instanceProfiles = newKind[instanceProfile]("iam-instance-profile", "")

// How long EC2 and Auto Scaling take to hear of a change to an instance profile.
const (
	profileLagLow  = 5 * time.Second
	profileLagHigh = 12 * time.Second
)

func iamProfileOperations(reg *registry) {
	reg.add("iam", "CreateInstanceProfile", mutates, createInstanceProfile)
	reg.add("iam", "GetInstanceProfile", reads, getInstanceProfile)
	reg.add("iam", "ListInstanceProfiles", reads, listInstanceProfiles)
	reg.add("iam", "ListInstanceProfilesForRole", reads, listInstanceProfilesForRole)
	reg.add("iam", "DeleteInstanceProfile", mutates, deleteInstanceProfile)
	reg.add("iam", "AddRoleToInstanceProfile", mutates, addRoleToInstanceProfile)
	reg.add("iam", "RemoveRoleFromInstanceProfile", mutates, removeRoleFromInstanceProfile)
	tagOperations(reg, "InstanceProfile", func(c *call) (*iamTags, error) {
		found, err := profileOf(c)
		if err != nil {
			return nil, err
		}
		return &found.Tags, nil
	})
}

// findInstanceProfile is the profile of an account with a name or ARN, nil if there is none.
func findInstanceProfile(a *account, nameOrARN string) *instanceProfile {
	return instanceProfiles.get(a.region(globalRegion), nameOrARN[strings.LastIndex(nameOrARN, "/")+1:])
}

// instanceProfileUsable says whether EC2 and Auto Scaling take an instance profile already: it exists, has a role, and
// was given it some seconds ago. See "Troubleshoot IAM: changes that I make are not always immediately visible".
func instanceProfileUsable(a *account, nameOrARN string, now time.Time) bool {
	found := findInstanceProfile(a, nameOrARN)
	return found != nil && found.Role != "" && !now.Before(found.Usable)
}

func createInstanceProfile(c *call) (any, error) {
	name, err := iamName(c.Params, "InstanceProfileName", profileName)
	if err != nil {
		return nil, err
	}
	if instanceProfiles.get(c.global, name) != nil {
		return nil, entityExists("Instance Profile %s already exists.", name)
	}
	made := &instanceProfile{Name: name, Created: c.global.now}
	if made.Path, err = iamPathOf(c.Params); err != nil {
		return nil, err
	}
	if made.Tags, err = made.Tags.with(c.Params); err != nil {
		return nil, err
	}
	made.ID, made.ARN = c.global.iamID("AIPA"), iamARN(c.account.id, "instance-profile", made.Path, name)
	instanceProfiles.put(c.global, name, made)
	return profileAnswer{made.view(c.global)}, nil
}

func getInstanceProfile(c *call) (any, error) {
	found, err := profileOf(c)
	if err != nil {
		return nil, err
	}
	return profileAnswer{found.view(c.global)}, nil
}

func listInstanceProfiles(c *call) (any, error) {
	prefix := c.Params.Str("PathPrefix")
	return listProfiles(c, func(p *instanceProfile) bool { return strings.HasPrefix(p.Path, prefix) })
}

func listInstanceProfilesForRole(c *call) (any, error) {
	found, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	return listProfiles(c, func(p *instanceProfile) bool { return p.Role == found.Name })
}

func listProfiles(c *call, wanted func(*instanceProfile) bool) (any, error) {
	found := instanceProfiles.where(c.global, wanted)
	slices.SortFunc(found, func(a, b *instanceProfile) int { return strings.Compare(a.Name, b.Name) })
	page, more, err := pageOf(c.Params, found)
	if err != nil {
		return nil, err
	}
	out := profileList{iamPage: more}
	for _, p := range page {
		view := p.view(c.global)
		view.Tags = nil // the lists leave them out, see their reference
		out.Profiles = append(out.Profiles, view)
	}
	return out, nil
}

func deleteInstanceProfile(c *call) (any, error) {
	found, err := profileOf(c)
	if err != nil {
		return nil, err
	}
	if found.Role != "" {
		return nil, deleteConflict("remove roles from instance profile")
	}
	instanceProfiles.drop(c.global, found.Name)
	return nil, nil
}

func addRoleToInstanceProfile(c *call) (any, error) {
	profile, err := profileOf(c)
	if err != nil {
		return nil, err
	}
	added, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	if profile.Role != "" {
		return nil, limitExceeded("InstanceSessionsPerInstanceProfile", 1)
	}
	profile.Role = added.Name
	profile.Usable = c.global.now.Add(c.global.between("iam/profile-lag", profileLagLow, profileLagHigh))
	c.global.touch()
	return nil, nil
}

func removeRoleFromInstanceProfile(c *call) (any, error) {
	profile, err := profileOf(c)
	if err != nil {
		return nil, err
	}
	removed, err := roleOf(c)
	if err != nil {
		return nil, err
	}
	if profile.Role != removed.Name {
		return nil, noEntity("The role with name %s is not in instance profile %s.", removed.Name, profile.Name)
	}
	profile.Role, profile.Usable = "", time.Time{}
	c.global.touch()
	return nil, nil
}

// profileOf is the instance profile that the request names.
func profileOf(c *call) (*instanceProfile, error) {
	name := c.Params.Str("InstanceProfileName")
	if found := instanceProfiles.get(c.global, name); found != nil {
		return found, nil
	}
	return nil, noEntity("Instance Profile %s cannot be found.", name)
}
