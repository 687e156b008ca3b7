package sandbox

import (
	"maps"
	"slices"
)

// attributes are the settings of a resource by name, with their defaults.
type attributes map[string]string

var loadBalancerDefaults = attributes{
	"access_logs.s3.bucket":                                    "",
	"access_logs.s3.enabled":                                   "false",
	"access_logs.s3.prefix":                                    "",
	"client_keep_alive.seconds":                                "3600",
	"connection_logs.s3.bucket":                                "",
	"connection_logs.s3.enabled":                               "false",
	"connection_logs.s3.prefix":                                "",
	"deletion_protection.enabled":                              "false",
	"idle_timeout.timeout_seconds":                             "60",
	"load_balancing.cross_zone.enabled":                        "true",
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

var targetGroupDefaults = attributes{
	"deregistration_delay.timeout_seconds":                                           "300",
	"load_balancing.algorithm.anomaly_mitigation":                                    "off",
	"load_balancing.algorithm.type":                                                  "round_robin",
	"load_balancing.cross_zone.enabled":                                              "use_load_balancer_configuration",
	"slow_start.duration_seconds":                                                    "0",
	"stickiness.app_cookie.cookie_name":                                              "",
	"stickiness.app_cookie.duration_seconds":                                         "86400",
	"stickiness.enabled":                                                             "false",
	"stickiness.lb_cookie.duration_seconds":                                          "86400",
	"stickiness.type":                                                                "lb_cookie",
	"target_group_health.dns_failover.minimum_healthy_targets.count":                 "1",
	"target_group_health.dns_failover.minimum_healthy_targets.percentage":            "off",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.count":      "1",
	"target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}

type attribute struct {
	Key   string `wire:"Key"`
	Value string `wire:"Value,empty"`
}

type attributeList struct {
	Attributes []attribute `wire:"Attributes>member"`
}

// of is an attribute's value.
func (a attributes) of(set map[string]string, key string) string {
	if v, ok := set[key]; ok {
		return v
	}
	return a[key]
}

func (a attributes) all(set map[string]string) []attribute {
	var out []attribute
	for _, key := range slices.Sorted(maps.Keys(a)) {
		out = append(out, attribute{key, a.of(set, key)})
	}
	return out
}

// change sets the attributes that a call names.
func (a attributes) change(c *call, kind string, set map[string]string) error {
	for item := range c.Items("Attributes") {
		if _, known := a[item.Str("Key")]; !known {
			return invalid("%s attribute key '%s' is not recognized", kind, item.Str("Key"))
		}
	}
	for item := range c.Items("Attributes") {
		set[item.Str("Key")] = item.Str("Value")
	}
	c.region.touch()
	return nil
}
