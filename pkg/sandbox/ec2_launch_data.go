package sandbox

import "reflect"

// launchData is what instances are launched from: the data of a launch template version, and the same parameters of
// RunInstances. Fields that were not given are empty.
type launchData struct {
	ImageID          string            `wire:"imageId"`
	InstanceType     string            `wire:"instanceType"`
	KeyName          string            `wire:"keyName"`
	UserData         string            `wire:"userData"` // base64
	ShutdownBehavior string            `wire:"instanceInitiatedShutdownBehavior"`
	EBSOptimized     *bool             `wire:"ebsOptimized"`
	Protected        *bool             `wire:"disableApiTermination"`
	Profile          *profileReference `wire:"iamInstanceProfile"`
	Metadata         *metadataOptions  `wire:"metadataOptions"`
	Monitoring       *monitoring       `wire:"monitoring"`
	Credit           *creditOption     `wire:"creditSpecification"`
	Groups           []string          `wire:"securityGroupIdSet>item"`
	Devices          []blockDevice     `wire:"blockDeviceMappingSet>item"`
	Interfaces       []launchInterface `wire:"networkInterfaceSet>item"`
	Tags             []launchTags      `wire:"tagSpecificationSet>item"`
}

// profileReference names an instance profile.
type profileReference struct {
	ARN  string `wire:"arn"`
	Name string `wire:"name"`
}

type metadataOptions struct {
	State        string `wire:"state"`
	Tokens       string `wire:"httpTokens"`
	HopLimit     *int   `wire:"httpPutResponseHopLimit"`
	Endpoint     string `wire:"httpEndpoint"`
	IPv6         string `wire:"httpProtocolIpv6"`
	InstanceTags string `wire:"instanceMetadataTags"`
}

type monitoring struct {
	Enabled bool `wire:"enabled"`
}

type creditOption struct {
	CPUCredits string `wire:"cpuCredits"`
}

type blockDevice struct {
	Device string     `wire:"deviceName"`
	EBS    *ebsDevice `wire:"ebs"`
}

type ebsDevice struct {
	DeleteOnTermination *bool  `wire:"deleteOnTermination"`
	Encrypted           *bool  `wire:"encrypted"`
	KMSKeyID            string `wire:"kmsKeyId"`
	SnapshotID          string `wire:"snapshotId"`
	Size                *int   `wire:"volumeSize"` // GiB
	Type                string `wire:"volumeType"`
	IOPS                *int   `wire:"iops"`
	Throughput          *int   `wire:"throughput"` // MiB/s
}

type launchInterface struct {
	DeviceIndex         *int     `wire:"deviceIndex"`
	SubnetID            string   `wire:"subnetId"`
	Groups              []string `wire:"groupSet>groupId"`
	PublicIP            *bool    `wire:"associatePublicIpAddress"`
	DeleteOnTermination *bool    `wire:"deleteOnTermination"`
	Description         string   `wire:"description"`
}

// launchTags are the tags of one type of thing that a launch makes.
type launchTags struct {
	Type string `wire:"resourceType"`
	tagSet
}

// over is d with what it lacks taken from base, parameter by parameter as a whole, as for a template's new version.
func (d launchData) over(base launchData) launchData {
	mine, theirs := reflect.ValueOf(&d).Elem(), reflect.ValueOf(base)
	for i := range mine.NumField() {
		if mine.Field(i).IsZero() {
			mine.Field(i).Set(theirs.Field(i))
		}
	}
	return d
}
