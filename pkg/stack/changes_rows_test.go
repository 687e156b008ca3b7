package stack_test

// A row is one change of one setting of a stack that stands. All other settings are the defaults, but for those of with.
type changeRow struct {
	setting  string
	from, to string            // as YAML; empty: not set
	with     map[string]string // further settings, before and after
	says     string            // from → to for the page, where the YAML does not tell it; refused rows and files
	in       []string          // the regions before and after, where they change
	then     []string
}

const (
	oneScript = "file:./one.sh"
	twoScript = "file:./two.sh"

	flowLogsOn = "network.flow_logs.traffic"
	newImage   = "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64"
	oneCert    = "arn:aws:acm:eu-west-1:123456789012:certificate/one"
	twoCert    = "arn:aws:acm:eu-west-1:123456789012:certificate/two"
)

func recorded(traffic string) map[string]string { return map[string]string{flowLogsOn: traffic} }

// changeRows are in the order of docs/configuration.md. Each value of a setting that has few is in one of them. What a plan
// announces must not depend on where instances happen to run: where zones go, each has one.
var changeRows = []changeRow{
	{setting: "regions", in: []string{"eu-west-1"}, then: []string{"eu-west-1", "us-east-1"}, says: "one → two"},
	{setting: "regions", in: []string{"eu-west-1", "us-east-1"}, then: []string{"eu-west-1"}, says: "two → one"},
	{setting: "guard.accounts", to: `["123456789012"]`},
	{setting: "guard.roles", to: `["arn:aws:iam::123456789012:role/*"]`},
	{setting: "guard.regions", to: `["eu-*"]`},
	{setting: "guard.protect", from: "false", to: "true"},
	{setting: "guard.max_destroy", from: "0", to: "1"},
	{setting: "rollout.max_concurrent", from: "0", to: "1"},
	{setting: "rollout.max_concurrent_targets", from: "10", to: "5"},
	{setting: "rollout.failure_tolerance", from: "0", to: "1"},
	{setting: "state.lease", from: "1m", to: "2m"},
	{setting: "tags.team", to: "platform"},
	{setting: "tags.team", from: "platform", to: "web"},
	{setting: "tags.team", from: "platform"},

	{setting: "network.supernet", from: "10.0.0.0/8", to: "172.16.0.0/12", with: map[string]string{"network.prefix": "18"}},
	{setting: "network.prefix", from: "16", to: "20"},
	{setting: "network.cidr", to: "10.200.0.0/16"},
	{setting: "network.azs", from: "2", to: "3"},
	{setting: "network.azs", from: "3", to: "2", with: map[string]string{"compute.min": "3"}},
	{setting: "network.azs", from: "2", to: "3", with: map[string]string{"compute.min": "3"}},
	{setting: "network.azs", from: "2", to: "3", with: map[string]string{"network.nat": "single", "compute.min": "3"}},
	{setting: "network.azs", from: "2", to: "3", with: map[string]string{"network.nat": "regional", "compute.min": "3"}},
	{setting: "network.zones", from: "[euw1-az1, euw1-az2, euw1-az3]", to: "[euw1-az1, euw1-az2]", with: map[string]string{"compute.min": "3"}},
	{setting: "network.zones", from: "[euw1-az1, euw1-az2]", to: "[euw1-az1, euw1-az3]"},
	{setting: "network.avoid_zones", to: "[euw1-az2]", with: map[string]string{"compute.min": "3"}},
	{setting: "network.avoid_zones", from: "[euw1-az2]", with: map[string]string{"network.azs": "2"}},
	{setting: "network.nat", from: "per-az", to: "single"},
	{setting: "network.nat", from: "per-az", to: "regional"},
	{setting: "network.nat", from: "per-az", to: "none"},
	{setting: "network.nat", from: "single", to: "per-az"},
	{setting: "network.nat", from: "single", to: "regional"},
	{setting: "network.nat", from: "single", to: "none"},
	{setting: "network.nat", from: "regional", to: "per-az"},
	{setting: "network.nat", from: "regional", to: "single"},
	{setting: "network.nat", from: "regional", to: "none"},
	{setting: "network.nat", from: "none", to: "per-az"},
	{setting: "network.nat", from: "none", to: "single"},
	{setting: "network.nat", from: "none", to: "regional"},
	{setting: flowLogsOn, from: "none", to: "all"},
	{setting: flowLogsOn, from: "all", to: "reject"},
	{setting: flowLogsOn, from: "reject", to: "accept"},
	{setting: flowLogsOn, from: "all", to: "none"},
	{setting: "network.flow_logs.interval", from: "10m", to: "1m", with: recorded("all")},
	{setting: "network.flow_logs.interval", from: "1m", to: "10m", with: recorded("all")},
	{setting: "network.flow_logs.retention_days", from: "14", to: "30", with: recorded("all")},
	{setting: "network.flow_logs.retention_days", from: "14", to: "7", with: recorded("all")},

	{setting: "endpoints.s3", from: "gateway", to: "none"},
	{setting: "endpoints.s3", from: "none", to: "gateway"},
	{setting: "endpoints.ssm", from: "interface", to: "none"},
	{setting: "endpoints.ssm", from: "none", to: "interface"},

	{setting: "compute.type", from: "t3.micro", to: "t3.small"},
	{setting: "compute.type", from: "t3.micro", to: "t4g.micro"},
	{setting: "compute.type", from: "t3.micro", to: "t3.small", with: map[string]string{"compute.min": "4"}},
	{setting: "compute.ami", from: "al2023", to: newImage, says: "`al2023` → `ssm:/…`"},
	{setting: "compute.min", from: "2", to: "3"},
	{setting: "compute.min", from: "2", to: "1"},
	{setting: "compute.max", from: "4", to: "6"},
	{setting: "compute.max", from: "6", to: "4"},
	{setting: "compute.desired", from: "2", to: "4"},
	{setting: "compute.desired", from: "4", to: "2"},
	{setting: "compute.volume_gb", from: "8", to: "16"},
	{setting: "compute.volume_gb", from: "16", to: "8"},
	{setting: "compute.user_data", from: "builtin:nginx", to: oneScript, says: "`builtin:nginx` → a file"},
	{setting: "compute.user_data", from: oneScript, to: twoScript, says: "another file"},

	{setting: "lb.port", from: "80", to: "8080"},
	{setting: "lb.health_path", from: "/", to: "/index.html"},
	{setting: "lb.interval", from: "10s", to: "30s"},
	{setting: "lb.healthy", from: "2", to: "5"},
	{setting: "lb.unhealthy", from: "2", to: "5"},
	{setting: "lb.drain", from: "30s", to: "2m"},
	{setting: "lb.tls.certificate_arn", to: oneCert, says: "off → on"},
	{setting: "lb.tls.certificate_arn", from: oneCert, to: twoCert, says: "another certificate"},
	{setting: "lb.tls.certificate_arn", from: oneCert, says: "on → off"},
	{setting: "verify.path", from: "/", to: "/index.html"},
	{setting: "verify.status", from: "200", to: "404"},
	{setting: "verify.timeout", from: "5m", to: "1m"},
}
