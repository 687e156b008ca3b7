package sandbox

import (
	"slices"
	"strings"
)

// endpointServices are AWS's services that endpoints can be made for, with the types of endpoints.
var endpointServices = map[string][]string{
	"s3":                   {endpointGateway, endpointInterface},
	"dynamodb":             {endpointGateway, endpointInterface},
	"ssm":                  {endpointInterface},
	"ssmmessages":          {endpointInterface},
	"ec2messages":          {endpointInterface},
	"ec2":                  {endpointInterface},
	"autoscaling":          {endpointInterface},
	"elasticloadbalancing": {endpointInterface},
	"ecr.api":              {endpointInterface},
	"ecr.dkr":              {endpointInterface},
	"guardduty-data":       {endpointInterface},
	"kms":                  {endpointInterface},
	"logs":                 {endpointInterface},
	"monitoring":           {endpointInterface},
	"secretsmanager":       {endpointInterface},
	"sqs":                  {endpointInterface},
	"sns":                  {endpointInterface},
	"sts":                  {endpointInterface},
}

// serviceOf is com.amazonaws.REGION.SERVICE without what comes before the service.
func serviceOf(name string) string {
	parts := strings.SplitN(name, ".", 4)
	return parts[len(parts)-1]
}

func (r *region) serviceName(service string) string { return "com.amazonaws." + r.name + "." + service }

// servesAs checks that an endpoint's service exists and can be had with its type.
func (r *region) servesAs(e *vpcEndpoint) error {
	types := endpointServices[serviceOf(e.ServiceName)]
	if types == nil || e.ServiceName != r.serviceName(serviceOf(e.ServiceName)) {
		return fail("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", e.ServiceName)
	}
	if !slices.Contains(types, e.Type) {
		return fail("InvalidParameter", "Endpoint type (%s) does not match available service types ([%s]).",
			e.Type, strings.Join(types, ", "))
	}
	return nil
}

func serviceArea(reg *registry) {
	reg.ec2("DescribeVpcEndpointServices", reads, describeServices)
	reg.ec2("DescribePrefixLists", reads, describePrefixLists)
	reg.ec2("DescribeManagedPrefixLists", reads, describeManagedPrefixLists)
}

type endpointService struct {
	Name  string        `wire:"serviceName"`
	Types []serviceType `wire:"serviceType>item"`
	Zones []string      `wire:"availabilityZoneSet>item"`
	Owner string        `wire:"owner"`
}

type serviceType struct {
	Type string `wire:"serviceType"`
}

func describeServices(c *call) (any, error) {
	var all []*endpointService
	for service, types := range endpointServices {
		s := &endpointService{Name: c.region.serviceName(service), Zones: c.region.zoneNames(), Owner: "amazon"}
		for _, kind := range types {
			s.Types = append(s.Types, serviceType{kind})
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *endpointService) int { return strings.Compare(a.Name, b.Name) })
	found, next, err := listing[endpointService]{
		ids: "ServiceName", least: 1, name: func(s *endpointService) string { return s.Name },
		unknown: func(id string) *Error {
			return fail("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", id)
		},
		fields: fields[endpointService]{
			"service-name": one(func(s *endpointService) string { return s.Name }),
			"owner":        one(func(s *endpointService) string { return s.Owner }),
			"service-type": func(s *endpointService) []string { return endpointServices[serviceOf(s.Name)] },
		},
	}.describeFixed(c, all)
	var names []string
	for _, s := range found {
		names = append(names, s.Name)
	}
	return struct {
		Names    []string           `wire:"serviceNameSet>item"`
		Services []*endpointService `wire:"serviceDetailSet>item"`
		page
	}{names, found, next}, err
}

// prefixList is the addresses of one of AWS's services.
type prefixList struct {
	ID    string   `wire:"prefixListId"`
	Name  string   `wire:"prefixListName"`
	CIDRs []string `wire:"cidrSet>item"`

	ARN     string `wire:"prefixListArn"`
	State   string `wire:"state"`
	Family  string `wire:"addressFamily"`
	OwnerID string `wire:"ownerId"`
}

// prefixListID is that of a service's list, the same for all accounts of a region; empty if the service has none.
func (r *region) prefixListID(service string) string {
	if !slices.Contains(endpointServices[service], endpointGateway) {
		return ""
	}
	digits := "0123456789abcdef"
	id, n := []byte("pl-"), mix(hash(r.name+service))
	for range 8 {
		id = append(id, digits[n&15])
		n >>= 4
	}
	return string(id)
}

func (r *region) prefixLists() []*prefixList {
	var out []*prefixList
	for i, service := range []string{"dynamodb", "s3"} {
		id := r.prefixListID(service)
		out = append(out, &prefixList{
			ID: id, Name: r.serviceName(service), CIDRs: []string{[]string{"198.51.100.0/25", "198.51.100.128/25"}[i]},
			ARN: "arn:aws:ec2:" + r.name + ":aws:prefix-list/" + id, State: "create-complete", Family: "IPv4", OwnerID: "AWS",
		})
	}
	return out
}

// prefixListOf checks the ID of a prefix list.
func (c *call) prefixListOf(id string) (string, error) {
	if slices.ContainsFunc(c.region.prefixLists(), func(l *prefixList) bool { return l.ID == id }) {
		return id, nil
	}
	return "", noPrefixList(id)
}

func noPrefixList(id string) *Error {
	return fail("InvalidPrefixListID.NotFound", "The prefix list ID '%s' does not exist", id)
}

var prefixListListing = listing[prefixList]{
	ids: "PrefixListId", least: 1, unknown: noPrefixList, name: func(l *prefixList) string { return l.ID },
	fields: fields[prefixList]{
		"prefix-list-id":   one(func(l *prefixList) string { return l.ID }),
		"prefix-list-name": one(func(l *prefixList) string { return l.Name }),
		"owner-id":         one(func(l *prefixList) string { return l.OwnerID }),
	},
}

func describePrefixLists(c *call) (any, error) {
	found, next, err := prefixListListing.describeFixed(c, c.region.prefixLists())
	return struct {
		Lists []*prefixList `wire:"prefixListSet>item"`
		page
	}{found, next}, err
}

func describeManagedPrefixLists(c *call) (any, error) { return describePrefixLists(c) }
