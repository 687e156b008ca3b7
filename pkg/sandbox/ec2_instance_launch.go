package sandbox

import (
	"encoding/base64"
	"strconv"
	"time"
)

// How long an instance takes ("Amazon EC2 instance state changes" names the states, experience the durations).
const (
	instanceStartsLow, instanceStartsHigh = 20 * time.Second, 40 * time.Second // to running
	userDataLow, userDataHigh             = 30 * time.Second, 60 * time.Second // from running until it serves
	instanceEndsLow, instanceEndsHigh     = 20 * time.Second, 50 * time.Second // to terminated
	instanceForgotten                     = time.Hour
)

// launch is an instance to create. checkLaunch found its mistakes.
type launch struct {
	data        launchData
	subnet      *subnet
	template    *templateReference // nil without one
	reservation string
	token       string
	index       int
	group       string // of Auto Scaling
	tags        []tag  // besides those of data
}

// launch creates an instance with its network interface and volumes. It fails if the subnet is full, or if tags can't be in
// the metadata.
func (r *region) launch(l launch) (*instance, error) {
	img, _ := r.image(l.data.ImageID)
	i := &instance{
		ID: r.newID(instances.prefix), Reservation: l.reservation, Index: l.index, Token: l.token, Launched: r.now,
		State: instancePending, Group: l.group, Data: l.data, Image: img, Zone: l.subnet.Zone, SubnetID: l.subnet.ID,
		VPCID: l.subnet.VPCID,
	}
	i.Data.settle(r, l.subnet)
	if name := i.Data.profile(); name != "" {
		i.Profile = findInstanceProfile(r.account, name).ARN
	}
	i.tagSet = l.tagsOf("instance")
	if err := i.checkMetadataTags(); err != nil {
		return nil, err
	}
	if err := i.connect(r, l); err != nil {
		return nil, err
	}
	i.addVolumes(r, l.tagsOf("volume"))
	instances.put(r, i.ID, i)
	r.after(r.between("instance/start", instanceStartsLow, instanceStartsHigh), "instance-running", i.ID)
	return i, nil
}

// settle fills in the defaults: the account's, and AWS's. Images of Amazon Linux 2023 ask for version 2 of the metadata service.
func (d *launchData) settle(r *region, in *subnet) {
	d.Groups = d.groups()
	if len(d.Groups) == 0 {
		d.Groups = []string{r.defaultGroup(in.VPCID).ID}
	}
	two := 2
	byDefault := metadataOptions{
		State: "applied", Tokens: "required", HopLimit: &two, Endpoint: "enabled", IPv6: "disabled", InstanceTags: "disabled",
	}
	account := r.metadataDefaults()
	byDefault.Tokens = orElse(account.Tokens, byDefault.Tokens)
	byDefault.Endpoint = orElse(account.Endpoint, byDefault.Endpoint)
	byDefault.InstanceTags = orElse(account.InstanceTags, byDefault.InstanceTags)
	if account.HopLimit != nil {
		byDefault.HopLimit = account.HopLimit
	}
	if d.Metadata == nil {
		d.Metadata = &byDefault
		return
	}
	settled := *d.Metadata
	settled.Tokens = orElse(settled.Tokens, byDefault.Tokens)
	settled.Endpoint = orElse(settled.Endpoint, byDefault.Endpoint)
	settled.IPv6 = orElse(settled.IPv6, byDefault.IPv6)
	settled.InstanceTags = orElse(settled.InstanceTags, byDefault.InstanceTags)
	if settled.HopLimit == nil {
		settled.HopLimit = byDefault.HopLimit
	}
	d.Metadata = &settled
}

// connect makes the network interface. A public address is only taken where the launch or the subnet asks for one.
func (i *instance) connect(r *region, l launch) error {
	public, described := l.subnet.MapPublicIP, ""
	for _, at := range i.Data.Interfaces {
		described = at.Description
		if at.PublicIP != nil {
			public = *at.PublicIP
		}
	}
	made, err := r.newENI(eniSpec{
		Subnet: l.subnet, Groups: i.Data.Groups, Description: described, InstanceID: i.ID, Public: public,
		Tags: l.tagsOf("network-interface"),
	})
	if err != nil {
		return err
	}
	i.ENI, i.PrivateIP = made.ID, made.PrivateIP
	return nil
}

// tagsOf are the tags of one type of thing that the launch makes. A scaling group's win over its template's.
func (l *launch) tagsOf(resourceType string) tagSet {
	var out tagSet
	if resourceType == "instance" && l.template != nil {
		out.set(tag{"aws:ec2launchtemplate:id", l.template.ID})
		out.set(tag{"aws:ec2launchtemplate:version", l.template.Version})
	}
	for _, spec := range l.data.Tags {
		if spec.Type != resourceType {
			continue
		}
		for _, t := range spec.Tags {
			out.set(t)
		}
	}
	for _, t := range l.tags {
		if resourceType == "instance" {
			out.set(t)
		}
	}
	return out
}

// reference names a version by number, for the instances that are launched from it.
func (t *launchTemplate) reference(v *templateVersion) *templateReference {
	return &templateReference{ID: t.ID, Name: t.Name, Version: strconv.Itoa(v.Number)}
}

// script is the user data as the instance sees it.
func (d *launchData) script() string {
	text, err := base64.StdEncoding.DecodeString(d.UserData)
	if err != nil {
		return "" // was refused when it came in
	}
	return string(text)
}
