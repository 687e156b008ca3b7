package sandbox

// A launch is decided on each thing that it takes or makes, by the keys that this type of thing has: see RunInstances in
// "Actions, resources, and condition keys for Amazon EC2". An image that is not the account's own has no tags there, and what
// the launch makes has those of the request, which are the template's where it has some.

// launches are the demands of a group's launch template. The caller who creates or updates a group, or has its instances replaced
// by those of another template, must be allowed to launch from it: see "Control Amazon EC2 launch template usage in Auto
// Scaling groups". The launches themselves are those of the service's own role, which no policy of the account limits.
func (c *call) launches() []demand {
	from := c.In("LaunchTemplate")
	switch c.action {
	case "CreateAutoScalingGroup", "UpdateAutoScalingGroup":
	case "StartInstanceRefresh":
		from = c.In("DesiredConfiguration.LaunchTemplate")
	default:
		return nil
	}
	template, err := findTemplate(c.region, from.Str("LaunchTemplateId"), from.Str("LaunchTemplateName"))
	if err != nil {
		return nil
	}
	version, err := template.version(from.Str("Version"))
	if err != nil {
		return nil
	}
	places := subnetsOf(c.Str("VPCZoneIdentifier"))
	if have := scalingGroups.get(c.region, c.Str("AutoScalingGroupName")); !c.Has("VPCZoneIdentifier") && have != nil {
		places = have.Subnets
	}
	return c.launch(version.Data, places, template)
}

// runs are the demands of RunInstances.
func (c *call) runs() []demand {
	data, reference, err := readRun(c)
	if err != nil {
		return []demand{c.demand("*")}
	}
	var template *launchTemplate
	if reference != nil {
		template = launchTemplates.get(c.region, reference.ID)
	}
	places := []string{c.Str("SubnetId")}
	for _, at := range data.Interfaces {
		if at.SubnetID != "" {
			places = []string{at.SubnetID}
		}
	}
	return c.launch(data, places, template)
}

// launch are the demands of a launch into subnets, from a template if there is one.
func (c *call) launch(data launchData, places []string, template *launchTemplate) []demand {
	on := func(arn string) demand {
		d := c.demand(arn)
		d.action = "ec2:RunInstances"
		if template != nil {
			d = d.with("ec2:LaunchTemplate", c.region.arn("ec2", "launch-template/"+template.ID))
		}
		return d
	}
	existing := func(prefix, id string) demand {
		d := on(c.region.arn("ec2", kindOfPrefix(prefix)+"/"+id))
		if have := c.region.tagsOf(prefix, id); have != nil {
			for _, t := range have.Tags {
				d = d.with(resourceTag+"/"+t.Key, t.Value)
			}
		}
		return d
	}
	all := []demand{c.image(on, data.ImageID)}
	for _, made := range []string{"instance", "volume", "network-interface"} {
		all = append(all, on(c.region.arn("ec2", made+"/*")).tagged(requestTag, data.tagsOf(made)))
	}
	if template != nil {
		all = append(all, existing("lt", template.ID))
	}
	taken := data.Groups
	for _, at := range data.Interfaces {
		taken = append(taken, at.Groups...)
	}
	for _, id := range places {
		place := subnets.get(c.region, id)
		if place == nil {
			continue
		}
		inVPC := c.region.arn("ec2", "vpc/"+place.VPCID)
		all = append(all, existing("subnet", id).with("ec2:Vpc", inVPC))
		if len(taken) == 0 {
			taken = []string{c.region.defaultGroup(place.VPCID).ID}
		}
	}
	for _, id := range taken {
		all = append(all, existing("sg", id))
	}
	if data.KeyName != "" {
		all = append(all, on(c.region.arn("ec2", "key-pair/"+data.KeyName)))
	}
	for _, device := range data.Devices {
		if device.EBS != nil && device.EBS.SnapshotID != "" {
			all = append(all, on("arn:aws:ec2:"+c.region.name+"::snapshot/"+device.EBS.SnapshotID))
		}
	}
	return append(all, c.tagsAndRole(data)...)
}

// image is the decision on an image, by its owner: an alias of AWS's, or else an account.
func (c *call) image(on func(string) demand, id string) demand {
	d := on("arn:aws:ec2:" + c.region.name + "::image/" + id)
	for _, v := range c.region.allImages() {
		if v.ID == id {
			return d.with("ec2:Owner", orElse(v.OwnerAlias, v.OwnerID))
		}
	}
	return d
}

// tagsAndRole are the decisions on the tags of what a launch makes, and on the role that its instances get.
func (c *call) tagsAndRole(data launchData) (all []demand) {
	for _, of := range data.Tags {
		tag := c.demand(c.region.arn("ec2", of.Type+"/*")).with("ec2:CreateAction", "RunInstances").
			tagged(requestTag, data.tagsOf(of.Type))
		tag.action = "ec2:CreateTags"
		all = append(all, tag)
	}
	if data.Profile == nil {
		return all
	}
	if profile := findInstanceProfile(c.account, orElse(data.Profile.Name, data.Profile.ARN)); profile != nil {
		all = append(all, c.passes(profile.Role, toInstances))
	}
	return all
}

// tagsOf are the tags of one type of what a launch makes.
func (d launchData) tagsOf(made string) (tags []iamTag) {
	for _, of := range d.Tags {
		if of.Type == made {
			for _, t := range of.Tags {
				tags = append(tags, iamTag(t))
			}
		}
	}
	return tags
}
