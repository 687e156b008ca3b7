package sandbox

import "time"

// profileView is an instance profile as IAM answers it.
type profileView struct {
	Path    string     `wire:"Path"`
	Name    string     `wire:"InstanceProfileName"`
	ID      string     `wire:"InstanceProfileId"`
	ARN     string     `wire:"Arn"`
	Created time.Time  `wire:"CreateDate"`
	Roles   []roleView `wire:"Roles>member"`
	Tags    iamTags    `wire:"Tags>member"`
}

type profileAnswer struct {
	Profile profileView `wire:"InstanceProfile"`
}

type profileList struct {
	Profiles []profileView `wire:"InstanceProfiles>member"`
	iamPage
}

func (p *instanceProfile) view(r *region) profileView {
	v := profileView{Path: p.Path, Name: p.Name, ID: p.ID, ARN: p.ARN, Created: p.Created, Tags: p.Tags}
	if inside := roles.get(r, p.Role); inside != nil {
		v.Roles = append(v.Roles, inside.view())
	}
	return v
}
