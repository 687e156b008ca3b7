package sandbox

// Quota names a limit on how many of something an account may have.
type Quota string

// The quotas that the sandbox enforces, per region unless they say otherwise, with AWS's defaults.
const (
	QuotaVPCs         Quota = "vpcs"                  // 5
	QuotaElasticIPs   Quota = "elastic-ips"           // 5
	QuotaNATGateways  Quota = "nat-gateways-per-zone" // 5
	QuotaSubnets      Quota = "subnets-per-vpc"       // 200
	QuotaGateways     Quota = "internet-gateways"     // 5, follows the number of VPCs
	QuotaGroups       Quota = "security-groups"       // 2500
	QuotaRules        Quota = "rules-per-security-group"
	QuotaRouteTables  Quota = "route-tables-per-vpc" // 200
	QuotaRoutes       Quota = "routes-per-route-table"
	QuotaEndpoints    Quota = "interface-endpoints-per-vpc" // 50
	QuotaLoadBalancer Quota = "load-balancers"              // 50
	QuotaVCPUs        Quota = "standard-vcpus"              // of running instances; 5, of which accounts in use have 64
)

var defaultQuotas = map[Quota]int{
	QuotaVPCs: 5, QuotaElasticIPs: 5, QuotaNATGateways: 5, QuotaSubnets: 200, QuotaGateways: 5, QuotaGroups: 2500,
	QuotaRules: 60, QuotaRouteTables: 200, QuotaRoutes: 500, QuotaEndpoints: 50, QuotaLoadBalancer: 50,
	QuotaVCPUs: 64,
}

// quota is a limit that holds in the region.
func (r *region) quota(q Quota) int {
	if n, ok := r.account.sandbox.options.Quotas[q]; ok {
		return n
	}
	return defaultQuotas[q]
}
