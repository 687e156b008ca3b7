package contract

// gap is a behaviour in which LocalStack is known to differ from AWS.
type gap struct{ does, because string }

// Reasons that several gaps share. LocalStack's EC2 keeps its things in Moto; Elastic Load Balancing v2 and Auto
// Scaling are Moto's own, served in LocalStack's process, and not LocalStack's licensed ones.
const (
	noDependencies = "it deletes what others still depend on"
	noQuotas       = "it has no quotas"
	noTokens       = "it reads no client tokens"
	noPending      = "things are there, or gone, at once"
	noInterfaces   = "a load balancer has no network interfaces"
	noChecks       = "it does not check this"
)

// gaps are LocalStack's differences, by the names of the behaviours. Test code that needs one of these on the sandbox.
var gaps = map[string]gap{
	"delete VPC with IGW attached":           {accepted, noDependencies},
	"delete VPC with own SG":                 {accepted, noDependencies},
	"delete VPC with a gateway endpoint":     {accepted, noDependencies},
	"delete subnet holding a NAT gateway":    {accepted, noDependencies},
	"delete subnet holding an instance":      {accepted, noDependencies},
	"delete subnet holding an ALB":           {accepted, noDependencies},
	"delete subnet right after its ALB":      {accepted, noInterfaces},
	"detach IGW with a NAT public IP mapped": {accepted, noDependencies},
	"release EIP used by NAT":                {accepted, noDependencies},
	"release EIP used by instance":           {accepted, noDependencies},

	"delete SG referenced by another SG's rule": {accepted, noDependencies},
	"delete SG used by an instance":             {accepted, noDependencies},
	"delete SG used by an ALB":                  {accepted, noDependencies},

	"6th VPC in a region (quota 5)": {accepted, noQuotas},
	"6th EIP in a region (quota 5)": {accepted, noQuotas},

	"NAT ClientToken replay":                  {"Resource.AlreadyAssociated", noTokens},
	"CreateVpcEndpoint ClientToken replay":    {"SECOND", noTokens},
	"CreateLaunchTemplate ClientToken replay": {"InvalidLaunchTemplateName.AlreadyExistsException", noTokens},
	"ClientToken with other parameters":       {"InvalidLaunchTemplateName.AlreadyExistsException", noTokens},
	"RunInstances ClientToken replay":         {"SECOND", noTokens},

	"create NAT with no IGW in VPC":                 {"available", noChecks},
	"NAT State in create reply":                     {"available", noPending},
	"NAT after delete, described":                   {"deleted", noPending},
	"interface endpoint State in create reply":      {"available", noPending},
	"ALB state in create reply, next describe":      {"provisioning, active", noPending},
	"interfaces of an ALB right after its deletion": {"gone", noInterfaces},
	"ASG instances right after create":              {"3", noPending},
	"ForceDelete: ASG described next":               {"gone", noPending},
	"EIP after its NAT was deleted":                 {"still in use", "a NAT gateway never gives its address back"},

	"DryRun=True on create VPC":                       {accepted, "it writes although it is asked not to"},
	"attach a second IGW":                             {accepted, noChecks},
	"associate a subnet with a 2nd route table":       {accepted, noChecks},
	"describe a NAT that does not exist":              {accepted, "its answer is an empty list"},
	"delete the default SG":                           {accepted, noChecks},
	"2 interface endpoints, one service, private DNS": {accepted, noChecks},
	"endpoint for a service that does not exist":      {accepted, noChecks},
	"delete an endpoint that does not exist":          {"listed as deleted", noChecks},
	"instance in the region of another's image":       {accepted, "any image will do"},

	"ALB in one subnet":                       {accepted, noChecks},
	"ALB, 2 subnets in one AZ":                {accepted, noChecks},
	"ALB in VPC without IGW, internet-facing": {accepted, noChecks},
	"ALB name taken, same settings / other subnets": {
		"SECOND ALB / accepted", "names of load balancers are free for all",
	},
	"2nd listener on one port":            {accepted, noChecks},
	"delete ALB with deletion protection": {accepted, noChecks},
	"TG name taken, same settings / other port": {
		"DuplicateTargetGroupName / DuplicateTargetGroupName", "it compares no settings",
	},
	"target health with no listener / with listener": {"healthy / healthy", "every target is healthy"},

	"ASG name taken":          {accepted, noChecks},
	"ASG of 3 over 3 subnets": {"1 subnets", "it starts all instances in the first subnet"},
	"ASG with a template that does not exist": {
		"InvalidLaunchTemplateName.NotFoundException", "EC2's error shows through",
	},
	"delete ASG with instances, no ForceDelete": {accepted, noDependencies},
	"StartInstanceRefresh":                      {"InternalFailure", "it lacks the operation"},
	"DescribeScalingActivities":                 {"0 activities", "it keeps no activities"},

	"tag filter finds just one: vpc subnet rt sg igw eip nat vpce": {
		"1 1 1 1 1 1 2 1", "tag filters on NAT gateways are not read",
	},
	"filter by the tag of what was deleted": {"1", "tags outlive what they are on"},
	"describe in pages of 5": {
		"12, no more", "it does not page, and each region has a default VPC of 6 subnets",
	},
	"delete with a stale ETag": {"NotImplemented", "its S3 knows no conditional deletes"},
}
