package lb

import (
	"maps"
	"slices"

	"provision/pkg/graph"
)

// reportedAttribute starts the field of an attribute that others changed: only the deregistration delay is set here.
const reportedAttribute = "attribute "

// awsLoadBalancer are the attributes of a load balancer as AWS creates it ("Edit attributes for your Application Load
// Balancer"). Zones are always crossed, whatever the attribute for that says.
var awsLoadBalancer = map[string]string{
	"access_logs.s3.enabled":                                   "false",
	"client_keep_alive.seconds":                                "3600",
	"connection_logs.s3.enabled":                               "false",
	"deletion_protection.enabled":                              "false",
	"idle_timeout.timeout_seconds":                             "60",
	"routing.http.desync_mitigation_mode":                      "defensive",
	"routing.http.drop_invalid_header_fields.enabled":          "false",
	"routing.http.preserve_host_header.enabled":                "false",
	"routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
	"routing.http.xff_client_port.enabled":                     "false",
	"routing.http.xff_header_processing.mode":                  "append",
	"routing.http2.enabled":                                    "true",
	"waf.fail_open.enabled":                                    "false",
	"zonal_shift.config.enabled":                               "false",
}

// awsTargetGroup are those of a target group ("Edit target group attributes for your Application Load Balancer"). How
// clients stick to a target matters only where they do.
var awsTargetGroup = map[string]string{
	"load_balancing.algorithm.anomaly_mitigation":                                    "off",
	"load_balancing.algorithm.type":                                                  "round_robin",
	"load_balancing.cross_zone.enabled":                                              "use_load_balancer_configuration",
	"slow_start.duration_seconds":                                                    "0",
	"stickiness.enabled":                                                             "false",
	"target_group_health.dns_failover.minimum_healthy_targets.count":                 "1",
	"target_group_health.dns_failover.minimum_healthy_targets.percentage":            "off",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count":      "1",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}

// changedAttributes are those that are not as AWS set them; one that is not listed is.
func changedAttributes(have, aws map[string]string) map[string]string {
	changed := map[string]string{}
	for key, value := range have {
		if usual, known := aws[key]; known && value != usual {
			changed[key] = value
		}
	}
	return changed
}

// reportAttributes names the changed ones.
func reportAttributes(changed, aws map[string]string) []graph.Change {
	var changes []graph.Change
	for _, key := range slices.Sorted(maps.Keys(changed)) {
		changes = append(changes, graph.Change{Field: reportedAttribute + key, From: changed[key], To: aws[key]})
	}
	return changes
}
