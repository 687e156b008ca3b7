package config

import (
	"net/netip"
	"time"
)

// Guard says where the stack may be worked on at all.
type Guard struct {
	Accounts   []string `yaml:"accounts"`
	Roles      []string `yaml:"roles"`
	Regions    []string `yaml:"regions"`
	Protect    bool     `yaml:"protect"`
	MaxDestroy int      `yaml:"max_destroy" jsonschema:"minimum=0"`
}

// Rollout says how changes spread over the regions.
type Rollout struct {
	MaxConcurrent        int `yaml:"max_concurrent" jsonschema:"minimum=0"`
	MaxConcurrentTargets int `yaml:"max_concurrent_targets" jsonschema:"minimum=1"`
	FailureTolerance     int `yaml:"failure_tolerance" jsonschema:"minimum=0"`
}

// State says where the state is kept: Path or S3 is set, never both.
type State struct {
	Path   string        `yaml:"path"`
	S3     string        `yaml:"s3" jsonschema:"pattern=^s3://[a-z0-9][a-z0-9.-]{1\\,61}[a-z0-9](/.*)?$"`
	KMSKey string        `yaml:"kms_key"`
	Lease  time.Duration `yaml:"lease"`

	BucketOwner string `yaml:"bucket_owner" jsonschema:"pattern=^([0-9]{12})?$"`
}

// Settings are what a region's stack is made from. Those in a [Config] are complete and valid.
type Settings struct {
	Region string            `yaml:"-"`
	Tags   map[string]string `yaml:"-"`

	Network   Network   `yaml:"network"`
	Endpoints Endpoints `yaml:"endpoints"`
	Compute   Compute   `yaml:"compute"`
	LB        LB        `yaml:"lb"`
	Verify    Verify    `yaml:"verify"`
}

// NATMode says how private subnets reach the internet.
type NATMode string

// The values of [NATMode].
const (
	NATSingle   NATMode = "single"   // one NAT gateway for all zones: cheap, and a single point of failure
	NATPerAZ    NATMode = "per-az"   // one in each zone
	NATRegional NATMode = "regional" // one that AWS spreads over the zones
	NATNone     NATMode = "none"     // no way out but the endpoints
)

// Network is the VPC and its subnets.
type Network struct {
	Supernet netip.Prefix `yaml:"supernet"`
	Prefix   int          `yaml:"prefix" jsonschema:"minimum=16,maximum=24"`
	CIDR     netip.Prefix `yaml:"cidr"`
	AZs      int          `yaml:"azs" jsonschema:"minimum=2,maximum=6"`
	Zones    []string     `yaml:"zones"`
	Avoid    []string     `yaml:"avoid_zones"`
	NAT      NATMode      `yaml:"nat" jsonschema:"enum=single,enum=per-az,enum=regional,enum=none"`

	FlowLogs FlowLogs `yaml:"flow_logs"`

	// LeastAZs is how many zones will do where a region has fewer than AZs: all of them if the user set AZs.
	LeastAZs int `yaml:"-"`
}

// FlowLogs say which traffic of the VPC is recorded, and for how long CloudWatch Logs keeps the records.
type FlowLogs struct {
	Traffic       Traffic       `yaml:"traffic" jsonschema:"enum=none,enum=accept,enum=reject,enum=all"`
	Interval      time.Duration `yaml:"interval"`
	RetentionDays int           `yaml:"retention_days" jsonschema:"enum=1,enum=3,enum=5,enum=7,enum=14,enum=30,enum=60,enum=90,enum=120,enum=150,enum=180,enum=365,enum=400,enum=545,enum=731,enum=1096,enum=1827,enum=2192,enum=2557,enum=2922,enum=3288,enum=3653"`
}

// Traffic says which of a VPC's connections are recorded.
type Traffic string

// The values of [Traffic].
const (
	TrafficNone   Traffic = "none"
	TrafficAccept Traffic = "accept" // what security groups and network ACLs let through
	TrafficReject Traffic = "reject" // what they don't
	TrafficAll    Traffic = "all"
)

// On tells whether flow logs are recorded at all.
func (f FlowLogs) On() bool { return f.Traffic != TrafficNone && f.Traffic != "" }

// EndpointMode says how a service is reached from inside the VPC.
type EndpointMode string

// The values of [EndpointMode].
const (
	EndpointGateway   EndpointMode = "gateway"
	EndpointInterface EndpointMode = "interface"
	EndpointNone      EndpointMode = "none"
)

// Endpoints are the VPC endpoints.
type Endpoints struct {
	S3  EndpointMode `yaml:"s3" jsonschema:"enum=gateway,enum=none"`
	SSM EndpointMode `yaml:"ssm" jsonschema:"enum=interface,enum=none"`
}

// BuiltinNginx is the user data that installs nginx and starts it.
const BuiltinNginx = "builtin:nginx"

// AMIAmazonLinux2023 is the newest Amazon Linux 2023 for the instance type's architecture.
const AMIAmazonLinux2023 = "al2023"

// Compute is the launch template and the Auto Scaling group.
type Compute struct {
	Type     string `yaml:"type" jsonschema:"pattern=^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"`
	AMI      string `yaml:"ami" jsonschema:"pattern=^(al2023|ssm:/[A-Za-z0-9_./-]+|ami-([0-9a-f]{8}|[0-9a-f]{17}))$"`
	Min      int    `yaml:"min" jsonschema:"minimum=1"`
	Max      int    `yaml:"max" jsonschema:"minimum=1"`
	Desired  int    `yaml:"desired" jsonschema:"minimum=1"`
	VolumeGB int    `yaml:"volume_gb" jsonschema:"minimum=8,maximum=65536"`
	UserData string `yaml:"user_data" jsonschema:"pattern=^(builtin:nginx|file:.+)$"`

	// Start is the setting that Desired comes from, before it is drawn between Min and Max.
	Start int `yaml:"-"`

	// Script is what UserData's file holds; nil for a built-in one.
	Script []byte `yaml:"-"`
}

// LB is the load balancer, its listener and its target group.
type LB struct {
	Port       int           `yaml:"port" jsonschema:"minimum=1,maximum=65535"`
	HealthPath string        `yaml:"health_path" jsonschema:"pattern=^/,maxLength=1024"`
	Interval   time.Duration `yaml:"interval"`
	Healthy    int           `yaml:"healthy" jsonschema:"minimum=2,maximum=10"`
	Unhealthy  int           `yaml:"unhealthy" jsonschema:"minimum=2,maximum=10"`
	Drain      time.Duration `yaml:"drain"`
	TLS        TLS           `yaml:"tls"`
}

// TLS turns HTTPS on.
type TLS struct {
	CertificateARN string `yaml:"certificate_arn" jsonschema:"pattern=^arn:aws[a-z-]*:(acm|iam):"`
}

// On tells whether the load balancer speaks HTTPS.
func (t TLS) On() bool { return t.CertificateARN != "" }

// Verify is the check that ends an up: a region is done when its URL answers so.
type Verify struct {
	Path    string        `yaml:"path" jsonschema:"pattern=^/,maxLength=1024"`
	Status  int           `yaml:"status" jsonschema:"minimum=200,maximum=599"`
	Timeout time.Duration `yaml:"timeout"`
}

// document is the shape of the file.
type document struct {
	Version   int                 `yaml:"version" jsonschema:"enum=1"`
	Name      string              `yaml:"name" jsonschema:"pattern=^[a-z](-?[a-z0-9])*$,maxLength=21"`
	Regions   []string            `yaml:"regions" jsonschema:"uniqueItems=true"`
	Guard     Guard               `yaml:"guard"`
	Rollout   Rollout             `yaml:"rollout"`
	State     State               `yaml:"state"`
	Tags      map[string]string   `yaml:"tags"`
	Defaults  Settings            `yaml:"defaults"`
	Overrides map[string]Settings `yaml:"overrides"`

	Targets map[string]targetSettings `yaml:"targets"`
}
