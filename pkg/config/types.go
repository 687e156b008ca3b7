package config

import (
	"net/netip"
	"time"
)

// Guard says where the stack may be worked on at all.
type Guard struct {
	Accounts   []string `yaml:"accounts" jsonschema_description:"AWS account IDs, 12 digits; any other account is refused before anything is written"`
	Roles      []string `yaml:"roles" jsonschema_description:"ARNs of the identities allowed, with * for any part of one"`
	Regions    []string `yaml:"regions" jsonschema_description:"regions allowed, with * for any part of a name"`
	Protect    bool     `yaml:"protect" jsonschema_description:"refuse down"`
	MaxDestroy int      `yaml:"max_destroy" jsonschema:"minimum=0" jsonschema_description:"refuse an up that would delete more resources than this; 0 is no limit"`
}

// Rollout says how changes spread over the regions.
type Rollout struct {
	MaxConcurrent    int `yaml:"max_concurrent" jsonschema:"minimum=0" jsonschema_description:"regions worked on at the same time; 0 is all"`
	FailureTolerance int `yaml:"failure_tolerance" jsonschema:"minimum=0" jsonschema_description:"regions that may fail before no further one is started"`
}

// State says where the state is kept: Path or S3 is set, never both.
type State struct {
	Path   string        `yaml:"path" jsonschema_description:"state file, relative to this file"`
	S3     string        `yaml:"s3" jsonschema:"pattern=^s3://[a-z0-9][a-z0-9.-]{1\\,61}[a-z0-9](/.*)?$" jsonschema_description:"bucket and prefix that hold the state instead of a file, as s3://bucket/prefix"`
	KMSKey string        `yaml:"kms_key" jsonschema_description:"KMS key (ID, alias or ARN) that encrypts the objects; without it S3's own key does"`
	Lease  time.Duration `yaml:"lease" jsonschema_description:"how long the lock of a runner that was killed lasts, 15s to 1h"`
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
	Supernet netip.Prefix `yaml:"supernet" jsonschema_description:"private IPv4 block that the regions' VPCs are cut from, one place a region by a fixed table"`
	Prefix   int          `yaml:"prefix" jsonschema:"minimum=16,maximum=24" jsonschema_description:"size of each VPC, as the length of its prefix"`
	CIDR     netip.Prefix `yaml:"cidr" jsonschema_description:"block of the VPC, where the fixed table does not suit; goes under overrides"`
	AZs      int          `yaml:"azs" jsonschema:"minimum=2,maximum=6" jsonschema_description:"Availability Zones used; a VPC of /24 has room for 4"`
	NAT      NATMode      `yaml:"nat" jsonschema:"enum=single,enum=per-az,enum=regional,enum=none" jsonschema_description:"NAT gateways: one, one a zone, one that spans the zones, or none"`
}

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
	S3  EndpointMode `yaml:"s3" jsonschema:"enum=gateway,enum=none" jsonschema_description:"VPC endpoint for S3; a gateway one costs nothing"`
	SSM EndpointMode `yaml:"ssm" jsonschema:"enum=interface,enum=none" jsonschema_description:"VPC endpoints for Session Manager; without them it goes through the NAT gateway"`
}

// BuiltinNginx is the user data that installs nginx and starts it.
const BuiltinNginx = "builtin:nginx"

// AMIAmazonLinux2023 is the newest Amazon Linux 2023 for the instance type's architecture.
const AMIAmazonLinux2023 = "al2023"

// Compute is the launch template and the Auto Scaling group.
type Compute struct {
	Type     string `yaml:"type" jsonschema:"pattern=^[a-z][a-z0-9-]*\\.[a-z0-9-]+$" jsonschema_description:"EC2 instance type such as t3.micro; its architecture chooses the AMI's"`
	AMI      string `yaml:"ami" jsonschema:"pattern=^(al2023|ssm:/[A-Za-z0-9_./-]+|ami-([0-9a-f]{8}|[0-9a-f]{17}))$" jsonschema_description:"al2023, or ssm:/name/of/a/parameter that holds an AMI ID, or (under overrides only, since it belongs to one region) the ID of an AMI"`
	Min      int    `yaml:"min" jsonschema:"minimum=1" jsonschema_description:"fewest instances in a region"`
	Max      int    `yaml:"max" jsonschema:"minimum=1" jsonschema_description:"most instances in a region"`
	Desired  int    `yaml:"desired" jsonschema:"minimum=1" jsonschema_description:"instances to start with; drawn between a min and max that are set closer to the region"`
	VolumeGB int    `yaml:"volume_gb" jsonschema:"minimum=8,maximum=65536" jsonschema_description:"root volume (gp3, encrypted), in GiB"`
	UserData string `yaml:"user_data" jsonschema:"pattern=^(builtin:nginx|file:.+)$" jsonschema_description:"what an instance runs at its first start: builtin:nginx, or file:./script.sh relative to this file, 16 KB at most"`

	// Script is what UserData's file holds; nil for a built-in one.
	Script []byte `yaml:"-"`
}

// LB is the load balancer, its listener and its target group.
type LB struct {
	Port       int           `yaml:"port" jsonschema:"minimum=1,maximum=65535" jsonschema_description:"public HTTP port; with tls it only redirects to 443"`
	HealthPath string        `yaml:"health_path" jsonschema:"pattern=^/,maxLength=1024" jsonschema_description:"path that the health check asks for, with a slash first"`
	Interval   time.Duration `yaml:"interval" jsonschema_description:"time between health checks, 5s to 300s"`
	Healthy    int           `yaml:"healthy" jsonschema:"minimum=2,maximum=10" jsonschema_description:"good checks in a row that make an instance healthy"`
	Unhealthy  int           `yaml:"unhealthy" jsonschema:"minimum=2,maximum=10" jsonschema_description:"bad checks in a row that make it unhealthy"`
	Drain      time.Duration `yaml:"drain" jsonschema_description:"time that an instance leaving has to finish its requests, 0s to 1h"`
	TLS        TLS           `yaml:"tls"`
}

// TLS turns HTTPS on.
type TLS struct {
	CertificateARN string `yaml:"certificate_arn" jsonschema:"pattern=^arn:aws[a-z-]*:(acm|iam):" jsonschema_description:"ARN of the certificate for the listener on port 443; one in ACM belongs to one region, so it goes under overrides"`
}

// On tells whether the load balancer speaks HTTPS.
func (t TLS) On() bool { return t.CertificateARN != "" }

// Verify is the check that ends an up: a region is done when its URL answers so.
type Verify struct {
	Path    string        `yaml:"path" jsonschema:"pattern=^/,maxLength=1024" jsonschema_description:"path that is fetched through the load balancer, with a slash first"`
	Status  int           `yaml:"status" jsonschema:"minimum=200,maximum=599" jsonschema_description:"HTTP status that it must answer with"`
	Timeout time.Duration `yaml:"timeout" jsonschema_description:"how long to go on asking, 1s to 1h"`
}

// document is the shape of the file.
type document struct {
	Version   int                 `yaml:"version" jsonschema:"enum=1" jsonschema_description:"version of the file's format"`
	Name      string              `yaml:"name" jsonschema:"pattern=^[a-z](-?[a-z0-9])*$,maxLength=21" jsonschema_description:"name of the stack: a-z, 0-9 and single hyphens, a letter first and no hyphen last; the load balancer is called provision-NAME"`
	Regions   []string            `yaml:"regions" jsonschema:"uniqueItems=true" jsonschema_description:"AWS regions that the stack lives in; without it, those of --regions or of the state"`
	Guard     Guard               `yaml:"guard"`
	Rollout   Rollout             `yaml:"rollout"`
	State     State               `yaml:"state"`
	Tags      map[string]string   `yaml:"tags" jsonschema_description:"tags of your own on everything, 40 at most"`
	Defaults  Settings            `yaml:"defaults" jsonschema_description:"settings of every region"`
	Overrides map[string]Settings `yaml:"overrides" jsonschema_description:"settings of single regions, by region: each replaces the default of that name"`
}
