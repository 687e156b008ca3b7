package sandbox

import (
	"strings"
	"time"
)

// reservation is the instances of one launch.
type reservation struct {
	ID        string          `wire:"reservationId"`
	OwnerID   string          `wire:"ownerId"`
	Instances []*instanceView `wire:"instancesSet>item"`
}

// instanceView is an instance as EC2 describes it.
type instanceView struct {
	ID             string             `wire:"instanceId"`
	ImageID        string             `wire:"imageId"`
	State          instanceStateView  `wire:"instanceState"`
	PrivateDNSName string             `wire:"privateDnsName,empty"`
	DNSName        string             `wire:"dnsName,empty"`
	Reason         string             `wire:"reason"`
	StateReason    *stateReason       `wire:"stateReason"`
	Index          int                `wire:"amiLaunchIndex"`
	Type           string             `wire:"instanceType"`
	KeyName        string             `wire:"keyName"`
	Launched       time.Time          `wire:"launchTime"`
	Placement      placementView      `wire:"placement"`
	Platform       string             `wire:"platformDetails"`
	Monitoring     stateView          `wire:"monitoring"`
	SubnetID       string             `wire:"subnetId"`
	VPCID          string             `wire:"vpcId"`
	PrivateIP      string             `wire:"privateIpAddress"`
	PublicIP       string             `wire:"ipAddress"`
	Architecture   string             `wire:"architecture"`
	RootDeviceType string             `wire:"rootDeviceType"`
	RootDevice     string             `wire:"rootDeviceName"`
	Virtualization string             `wire:"virtualizationType"`
	Hypervisor     string             `wire:"hypervisor"`
	Token          string             `wire:"clientToken"`
	EBSOptimized   bool               `wire:"ebsOptimized"`
	ENASupport     bool               `wire:"enaSupport"`
	SourceDest     bool               `wire:"sourceDestCheck"`
	Profile        *associatedProfile `wire:"iamInstanceProfile"`
	Metadata       *metadataOptions   `wire:"metadataOptions"`
	Groups         []groupID          `wire:"groupSet>item"`
	Interfaces     []interfaceView    `wire:"networkInterfaceSet>item"`
	Devices        []deviceView       `wire:"blockDeviceMapping>item"`
	Tags           []tag              `wire:"tagSet>item"`
}

type instanceStateView struct {
	Code int    `wire:"code"`
	Name string `wire:"name"`
}

type stateReason struct {
	Code    string `wire:"code"`
	Message string `wire:"message"`
}

// stateReason is why an instance ended, zero for one that did not.
func (i *instance) stateReason() stateReason {
	switch {
	case i.Reason == "":
		return stateReason{}
	case i.Died != "":
		return stateReason{i.Died, i.Died + ": " + i.DiedOf}
	}
	return stateReason{"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"}
}

type stateView struct {
	State string `wire:"state"`
}

type placementView struct {
	Zone    string `wire:"availabilityZone"`
	ZoneID  string `wire:"availabilityZoneId"`
	Tenancy string `wire:"tenancy"`
}

// associatedProfile is the instance profile of an instance.
type associatedProfile struct {
	ARN string `wire:"arn"`
	ID  string `wire:"id"`
}

// interfaceView is a network interface in an instance.
type interfaceView struct {
	ID          string          `wire:"networkInterfaceId"`
	SubnetID    string          `wire:"subnetId"`
	VPCID       string          `wire:"vpcId"`
	Description string          `wire:"description,empty"`
	OwnerID     string          `wire:"ownerId"`
	Status      string          `wire:"status"`
	PrivateIP   string          `wire:"privateIpAddress"`
	SourceDest  bool            `wire:"sourceDestCheck"`
	Type        string          `wire:"interfaceType"`
	Groups      []groupID       `wire:"groupSet>item"`
	MAC         string          `wire:"macAddress"`
	Attachment  *eniAttachment  `wire:"attachment"`
	Association *eniAssociation `wire:"association"`
	Addresses   []addressView   `wire:"privateIpAddressesSet>item"`
}

type addressView struct {
	IP      string `wire:"privateIpAddress"`
	Primary bool   `wire:"primary"`
}

type deviceView struct {
	Device string    `wire:"deviceName"`
	EBS    volumeUse `wire:"ebs"`
}

func (i *instance) stateView() instanceStateView {
	return instanceStateView{instanceStateCodes[i.State], i.State}
}

func (i *instance) view(r *region) *instanceView {
	zone, _ := r.zone(i.Zone)
	v := &instanceView{
		ID: i.ID, ImageID: i.Image.ID, State: i.stateView(), Reason: i.Reason, Index: i.Index, Type: i.Data.InstanceType,
		KeyName:  i.Data.KeyName,
		Launched: i.Launched, Placement: placementView{i.Zone, zone.id, "default"}, Platform: "Linux/UNIX",
		Monitoring: stateView{"disabled"}, SubnetID: i.SubnetID, VPCID: i.VPCID, PrivateIP: i.PrivateIP,
		PublicIP:     i.publicIP(r),
		Architecture: i.Image.Architecture, RootDeviceType: "ebs", RootDevice: i.Image.root(), Virtualization: "hvm",
		Hypervisor: "xen", Token: i.Token, EBSOptimized: isTrue(i.Data.EBSOptimized), ENASupport: true, SourceDest: true,
		Metadata: i.Data.Metadata, Tags: i.Tags,
	}
	if i.Data.Monitoring != nil && i.Data.Monitoring.Enabled {
		v.Monitoring.State = "enabled"
	}
	if i.PrivateIP != "" {
		v.PrivateDNSName = "ip-" + strings.ReplaceAll(i.PrivateIP, ".", "-") + "." + r.name + ".compute.internal"
	}
	if i.Reason != "" {
		reason := i.stateReason()
		v.StateReason = &reason
	}
	if i.Profile != "" {
		v.Profile = &associatedProfile{ARN: i.Profile}
		if found := findInstanceProfile(r.account, i.Profile); found != nil {
			v.Profile.ID = found.ID
		}
	}
	i.addInterface(r, v)
	for _, id := range i.Volumes {
		if found := volumes.get(r, id); found != nil {
			v.Devices = append(v.Devices, deviceView{found.Device, found.use()})
		}
	}
	return v
}

func (i *instance) addInterface(r *region, v *instanceView) {
	at := enis.get(r, i.ENI)
	if at == nil {
		return
	}
	v.Groups = at.Groups
	if at.Association != nil {
		v.DNSName = at.Association.PublicDNSName
	}
	v.Interfaces = []interfaceView{{
		ID: at.ID, SubnetID: at.SubnetID, VPCID: at.VPCID, Description: at.Description, OwnerID: r.account.id,
		Status: at.Status, PrivateIP: at.PrivateIP, SourceDest: at.SourceDestCheck, Type: at.InterfaceType, Groups: at.Groups,
		MAC: at.MAC, Attachment: at.Attachment, Association: at.Association, Addresses: []addressView{{at.PrivateIP, true}},
	}}
}
