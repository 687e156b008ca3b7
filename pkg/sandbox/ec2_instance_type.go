package sandbox

import (
	"slices"
	"strings"
)

// family is a series of instance types, by what they have in common.
type family struct {
	name, arch string
	perCPU     float64 // memory in GiB
	burstable  bool
	old        bool // of a previous generation
	sizes      []string
}

var (
	small  = []string{"nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"}
	common = []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge"}
	tiny   = append([]string{"medium"}, common...)
	odd    = []string{"large", "xlarge", "2xlarge", "4xlarge"} // the next one is neither twice as large nor usual
)

// families are the usual types for general purposes ("Amazon EC2 instance types"), not all there are.
var families = []family{
	{"t2", "x86_64", 4, true, false, small},
	{"t3", "x86_64", 4, true, false, small},
	{"t3a", "x86_64", 4, true, false, small},
	{"t4g", "arm64", 4, true, false, small},
	{"m4", "x86_64", 4, false, true, odd},
	{"m5", "x86_64", 4, false, false, common},
	{"m6i", "x86_64", 4, false, false, common},
	{"m6g", "arm64", 4, false, false, tiny},
	{"m7i", "x86_64", 4, false, false, common},
	{"m7g", "arm64", 4, false, false, tiny},
	{"c5", "x86_64", 2, false, false, odd},
	{"c6i", "x86_64", 2, false, false, common},
	{"c6g", "arm64", 2, false, false, tiny},
	{"c7g", "arm64", 2, false, false, tiny},
	{"r5", "x86_64", 8, false, false, common},
	{"r6i", "x86_64", 8, false, false, common},
	{"r6g", "arm64", 8, false, false, tiny},
	{"r7g", "arm64", 8, false, false, tiny},
}

// oldZone has only the older families.
const oldZone = "use1-az3"

var oldFamilies = []string{"t2", "m4"}

type instanceType struct {
	Name       string   `wire:"instanceType"`
	Current    bool     `wire:"currentGeneration"`
	FreeTier   bool     `wire:"freeTierEligible"`
	BareMetal  bool     `wire:"bareMetal"`
	Burstable  bool     `wire:"burstablePerformanceSupported"`
	Hypervisor string   `wire:"hypervisor"`
	Usage      []string `wire:"supportedUsageClasses>item"`
	RootDevice []string `wire:"supportedRootDeviceTypes>item"`
	CPU        struct {
		Count int `wire:"defaultVCpus"`
	} `wire:"vCpuInfo"`
	Memory struct {
		MiB int `wire:"sizeInMiB"`
	} `wire:"memoryInfo"`
	Processor struct {
		Architectures []string `wire:"supportedArchitectures>item"`
	} `wire:"processorInfo"`
}

var instanceTypes = allInstanceTypes()

var instanceTypeListing = listing[instanceType]{
	ids: "InstanceType", name: func(t *instanceType) string { return t.Name }, most: 100,
	unknown: func(name string) *Error {
		return fail("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", name)
	},
	fields: fields[instanceType]{
		"instance-type":                         one(func(t *instanceType) string { return t.Name }),
		"current-generation":                    yes(func(t *instanceType) bool { return t.Current }),
		"free-tier-eligible":                    yes(func(t *instanceType) bool { return t.FreeTier }),
		"hypervisor":                            one(func(t *instanceType) string { return t.Hypervisor }),
		"processor-info.supported-architecture": func(t *instanceType) []string { return t.Processor.Architectures },
	},
}

func instanceTypeArea(reg *registry) {
	reg.ec2("DescribeInstanceTypes", reads, describeInstanceTypes)
	reg.ec2("DescribeInstanceTypeOfferings", reads, describeOfferings)
}

func allInstanceTypes() []*instanceType {
	cpus := map[string]int{
		"nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32,
	}
	burstableMiB := map[string]int{"nano": 512, "micro": 1024, "small": 2048, "medium": 4096}
	var out []*instanceType
	for _, f := range families {
		for _, size := range f.sizes {
			t := &instanceType{
				Name: f.name + "." + size, Current: !f.old, FreeTier: size == "micro", Burstable: f.burstable, Hypervisor: "nitro",
				Usage: []string{"on-demand", "spot"}, RootDevice: []string{"ebs"},
			}
			t.CPU.Count = cpus[size]
			t.Memory.MiB = int(float64(t.CPU.Count) * f.perCPU * 1024)
			switch {
			case f.burstable && burstableMiB[size] > 0:
				t.Memory.MiB = burstableMiB[size]
			case size == "medium":
				t.CPU.Count, t.Memory.MiB = 1, int(f.perCPU*1024)
			}
			t.Processor.Architectures = []string{f.arch}
			if f.name == "t2" || f.name == "m4" {
				t.Hypervisor = "xen"
			}
			out = append(out, t)
		}
	}
	return out
}

// instanceTypeOf is a type by its name, nil if there is none.
func instanceTypeOf(name string) *instanceType {
	i := slices.IndexFunc(instanceTypes, func(t *instanceType) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return instanceTypes[i]
}

// offered says whether a zone has a type.
func offered(typeName, zoneID string) bool {
	family, _, _ := strings.Cut(typeName, ".")
	return instanceTypeOf(typeName) != nil && (zoneID != oldZone || slices.Contains(oldFamilies, family))
}

func describeInstanceTypes(c *call) (any, error) {
	found, next, err := instanceTypeListing.describeFixed(c, instanceTypes)
	return struct {
		Types []*instanceType `wire:"instanceTypeSet>item"`
		page
	}{found, next}, err
}

// offering is that a place has an instance type.
type offering struct {
	Type         string `wire:"instanceType"`
	LocationType string `wire:"locationType"`
	Location     string `wire:"location"`
}

var offeringListing = listing[offering]{
	name: func(o *offering) string { return o.Location + " " + o.Type },
	fields: fields[offering]{
		"instance-type": one(func(o *offering) string { return o.Type }),
		"location":      one(func(o *offering) string { return o.Location }),
	},
}

func describeOfferings(c *call) (any, error) {
	by := c.Str("LocationType")
	var all []*offering
	for _, t := range instanceTypes {
		switch by {
		case "", "region":
			all = append(all, &offering{t.Name, "region", c.region.name})
			continue
		case "availability-zone", "availability-zone-id":
		default:
			return nil, badValue("LocationType", by)
		}
		for _, z := range c.region.zones() {
			location := z.name
			if by == "availability-zone-id" {
				location = z.id
			}
			if offered(t.Name, z.id) {
				all = append(all, &offering{t.Name, by, location})
			}
		}
	}
	found, next, err := offeringListing.describeFixed(c, all)
	return struct {
		Offerings []*offering `wire:"instanceTypeOfferingSet>item"`
		page
	}{found, next}, err
}
