package config

import (
	"net/netip"
	"path"
	"time"
)

const (
	formatVersion = 1
	defaultName   = "web"

	defaultTargets = 10 // at once: what one runner's memory and connections are good for
)

// Defaults are the settings of a region that no file changes.
func Defaults() Settings {
	return Settings{
		Network: Network{
			Supernet: netip.MustParsePrefix("10.0.0.0/8"),
			Prefix:   16,
			AZs:      3,
			NAT:      NATPerAZ,
			FlowLogs: FlowLogs{Traffic: TrafficNone, Interval: 10 * time.Minute, RetentionDays: 14},
		},
		Endpoints: Endpoints{S3: EndpointGateway, SSM: EndpointInterface},
		Compute: Compute{
			Type:     "t3.micro",
			AMI:      AMIAmazonLinux2023,
			Min:      2,
			Max:      4,
			Desired:  2,
			VolumeGB: 8,
			UserData: BuiltinNginx,
		},
		LB: LB{
			Port:       80,
			HealthPath: "/",
			Interval:   10 * time.Second,
			Healthy:    2,
			Unhealthy:  2,
			Drain:      30 * time.Second,
		},
		Verify: Verify{Path: "/", Status: 200, Timeout: 5 * time.Minute},
	}
}

func defaultDocument() document {
	return document{
		Version:  formatVersion,
		Name:     defaultName,
		Rollout:  Rollout{MaxConcurrentTargets: defaultTargets},
		State:    State{Lease: time.Minute},
		Defaults: Defaults(),
	}
}

func defaultStatePath(name string) string {
	return path.Join(".provision", name+".json")
}
