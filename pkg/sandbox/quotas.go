package sandbox

import (
	"cmp"
	"net/http"
)

// quotaCode is a quota as the Service Quotas API names it.
type quotaCode struct {
	service, code string
	name          string
	limit         Quota // of the sandbox, where it enforces the quota
	value         int   // AWS's default otherwise, or where an account in use has got more
	global        bool
}

// quotaCodes are the quotas that a stack can meet. See "AWS service quotas" of each service.
var quotaCodes = []quotaCode{
	{service: "vpc", code: "L-F678F1CE", name: "VPCs per Region", limit: QuotaVPCs},
	{service: "vpc", code: "L-A4707A72", name: "Internet gateways per Region", limit: QuotaGateways},
	{service: "vpc", code: "L-FE5A380F", name: "NAT gateways per Availability Zone", limit: QuotaNATGateways},
	{service: "vpc", code: "L-407747CB", name: "Subnets per VPC", limit: QuotaSubnets},
	{service: "vpc", code: "L-589F43AA", name: "Route tables per VPC", limit: QuotaRouteTables},
	{service: "vpc", code: "L-E79EC296", name: "VPC security groups per Region", limit: QuotaGroups},
	{service: "vpc", code: "L-29B6F2EB", name: "Interface VPC endpoints per VPC", limit: QuotaEndpoints},
	{service: "ec2", code: "L-0263D0A3", name: "EC2-VPC Elastic IPs", limit: QuotaElasticIPs},
	{
		service: "ec2", code: "L-1216C47A", limit: QuotaVCPUs, value: 5,
		name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
	},
	{
		service: "elasticloadbalancing", code: "L-53DA6B97", limit: QuotaLoadBalancer,
		name: "Application Load Balancers per Region",
	},
	{service: "elasticloadbalancing", code: "L-B22855CB", name: "Target Groups per Region", value: 3000},
	{service: "autoscaling", code: "L-CDE20ADC", name: "Auto Scaling groups per region", value: 500},
	{service: "iam", code: "L-FE177D64", name: "Roles per account", value: 1000, global: true},
	{service: "iam", code: "L-6E65F664", name: "Instance profiles per account", value: 1000, global: true},
}

// quotasArea registers the operations of Service Quotas.
func quotasArea(reg *registry) {
	for action, value := range map[string]func(*call, quotaCode) int{
		"ServiceQuota": applied, "AWSDefaultServiceQuota": byDefault,
	} {
		reg.add("servicequotas", "Get"+action, reads, func(c *call) (any, error) { return getQuota(c, value) })
		reg.add("servicequotas", "List"+action+"s", reads, func(c *call) (any, error) { return listQuotas(c, value) })
	}
}

type quotaRequest struct{ ServiceCode, QuotaCode string }

type quotaView struct {
	ServiceCode, QuotaCode, QuotaName, QuotaArn string
	Value                                       float64
	Unit                                        string
	Adjustable, GlobalQuota                     bool
}

func getQuota(c *call, value func(*call, quotaCode) int) (any, error) {
	var in quotaRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	for _, q := range quotaCodes {
		if q.service == in.ServiceCode && q.code == in.QuotaCode {
			return struct{ Quota quotaView }{c.quotaView(q, value(c, q))}, nil
		}
	}
	return nil, noQuota("The request failed because the specified service quota does not exist.")
}

func listQuotas(c *call, value func(*call, quotaCode) int) (any, error) {
	var in quotaRequest
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	out := struct{ Quotas []quotaView }{[]quotaView{}}
	for _, q := range quotaCodes {
		if q.service == in.ServiceCode {
			out.Quotas = append(out.Quotas, c.quotaView(q, value(c, q)))
		}
	}
	if len(out.Quotas) == 0 {
		return nil, noQuota("The request failed because the specified service does not exist.")
	}
	return out, nil
}

func noQuota(why string) *Error {
	return &Error{Code: "NoSuchResourceException", Message: why, Status: http.StatusBadRequest}
}

// applied is a quota's value in the account.
func applied(c *call, q quotaCode) int {
	if q.limit == "" {
		return q.value
	}
	return c.region.quota(q.limit)
}

// byDefault is AWS's value.
func byDefault(_ *call, q quotaCode) int {
	return cmp.Or(q.value, defaultQuotas[q.limit])
}

func (c *call) quotaView(q quotaCode, value int) quotaView {
	return quotaView{
		ServiceCode: q.service, QuotaCode: q.code, QuotaName: q.name, Value: float64(value), Unit: "None",
		QuotaArn:   "arn:aws:servicequotas:" + c.region.name + ":" + c.account.id + ":" + q.service + "/" + q.code,
		Adjustable: true, GlobalQuota: q.global,
	}
}
