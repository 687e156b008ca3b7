package policy

import (
	"maps"
	"slices"
	"strings"

	"provision/pkg/graph"
)

// Scope is what the policies are limited to.
type Scope struct {
	Stack     string   // as in the settings
	Name      string   // of the stack's role, group and load balancer
	Account   string   // 12 digits
	Partition string   // of ARNs: aws, aws-cn or aws-us-gov
	Regions   []string // empty: all
	Images    []string // the account's own parameters that hold images; they begin with a slash

	Bucket, Prefix string // of a state in S3; empty: the state is a file
	KMSKey         string // the ID, alias or ARN of the key that the state is encrypted with; empty: S3's own
}

// images are the parameters that hold images: AWS publishes its own and others' without an account.
func (s Scope) images() []string {
	all := []string{"ssm:*::parameter/aws/service/*"}
	for _, name := range s.Images {
		all = append(all, "ssm:*:"+s.Account+":parameter"+name)
	}
	return s.arns(all...)
}

// Plan allows to look, and to read the state.
func Plan(s Scope) Document {
	statements := []Statement{
		{Sid: "Look", Effect: "Allow", Action: reads, Resource: []string{"*"}},
		{Sid: "Images", Effect: "Allow", Action: parameterReads, Resource: s.images()},
		{Sid: "Access", Effect: "Allow", Action: accessReads, Resource: s.access()},
		{Sid: "Simulate", Effect: "Allow", Action: simulations, Resource: s.arns("iam::" + s.Account + ":role/*")},
	}
	if len(s.Regions) > 0 {
		statements = append(statements, s.elsewhere())
	}
	if s.Bucket != "" {
		statements = append(statements, Statement{
			Sid: "ReadState", Effect: "Allow", Action: stateReads, Resource: s.arns("s3:::" + s.objects()),
		}, s.listing())
		statements = append(statements, s.key("ReadKey", keyReads)...)
	}
	return document(statements...)
}

// Apply allows all of [Plan], and to make, change and remove what carries the stack's tag, or its name where that is
// all there is.
func Apply(s Scope) Document {
	all := Plan(s)
	all.Statement = append(all.Statement, s.network()...)
	all.Statement = append(all.Statement, s.balancing()...)
	all.Statement = append(all.Statement, s.launching()...)
	all.Statement = append(all.Statement, s.roles()...)
	if s.Bucket != "" {
		all.Statement = append(all.Statement, Statement{
			Sid: "WriteState", Effect: "Allow", Action: stateWrites, Resource: s.arns("s3:::" + s.objects()),
		})
		all.Statement = append(all.Statement, s.key("WriteKey", keyWrites)...)
	}
	return all
}

// network makes things of EC2 with the tag. Tags are set by creations, or on what has the tag already: else anything
// could be made the stack's, and then be deleted.
func (s Scope) network() []Statement {
	var made []string
	for _, kind := range slices.Sorted(maps.Values(creations)) {
		made = append(made, s.arn("ec2:*:"+s.Account+":"+kind+"/*"))
	}
	return []Statement{
		{
			Sid: "Make", Effect: "Allow", Action: slices.Sorted(maps.Keys(creations)), Resource: made,
			Condition: s.marked(),
		},
		{
			Sid: "TagWhatIsMade", Effect: "Allow", Action: []string{"ec2:CreateTags"}, Resource: made,
			Condition: and(s.marked(), equals("ec2:CreateAction", calls(creations)...)),
		},
		{
			Sid: "Change", Effect: "Allow", Action: slices.Sorted(slices.Values(slices.Concat(within, changes))),
			Resource: s.arns("ec2:*:" + s.Account + ":*/*"), Condition: s.ours(),
		},
		{Sid: "PrivateNames", Effect: "Allow", Action: privateNames, Resource: []string{"*"}}, // AWS's zones are in no account of ours
	}
}

func (s Scope) balancing() []Statement {
	everything := s.arns("elasticloadbalancing:*:" + s.Account + ":*")
	return []Statement{
		{
			Sid: "MakeBalancer", Effect: "Allow", Action: balancerCreations, Resource: everything,
			Condition: s.marked(),
		},
		{
			Sid: "TagBalancer", Effect: "Allow", Action: []string{"elasticloadbalancing:AddTags"}, Resource: everything,
			Condition: and(s.marked(), equals("elasticloadbalancing:CreateAction",
				"CreateLoadBalancer", "CreateTargetGroup", "CreateListener")),
		},
		{
			Sid: "ChangeBalancer", Effect: "Allow", Action: balancerChanges, Resource: everything,
			Condition: s.ours(),
		},
		{Sid: "BalancerLooks", Effect: "Allow", Action: balancerLooks, Resource: []string{"*"}},
	}
}

// launching is the group, and what it does on behalf of who made it.
func (s Scope) launching() []Statement {
	return []Statement{
		{
			Sid: "Group", Effect: "Allow", Action: scaling,
			Resource: s.arns("autoscaling:*:" + s.Account + ":autoScalingGroup:*:autoScalingGroupName/" + s.Name),
		},
		{
			Sid: "Launch", Effect: "Allow", Action: []string{"ec2:RunInstances"}, Resource: []string{"*"},
			Condition: Condition{"ArnLike": {"ec2:LaunchTemplate": s.arns("ec2:*:" + s.Account + ":launch-template/*")}},
		},
		{
			Sid: "TagWhatIsLaunched", Effect: "Allow", Action: []string{"ec2:CreateTags"}, Resource: s.launched(),
			Condition: equals("ec2:CreateAction", "RunInstances"),
		},
		{
			Sid: "PassRole", Effect: "Allow", Action: []string{"iam:PassRole"},
			Resource:  s.arns("iam::" + s.Account + ":role/" + s.Name),
			Condition: equals("iam:PassedToService", "ec2.amazonaws.com", "ec2.amazonaws.com.cn"), // China's own name for it
		},
		{
			Sid: "ServiceRoles", Effect: "Allow", Action: []string{"iam:CreateServiceLinkedRole"},
			Resource:  s.arns("iam::" + s.Account + ":role/aws-service-role/*"),
			Condition: equals("iam:AWSServiceName", linkedServices...),
		},
	}
}

// launched are what a launch makes and the launch template has tags for. Those tags are the template's and not the
// request's, so that they are no condition: see "Tags in a launch template" in the user guide of EC2.
func (s Scope) launched() []string {
	lead := "ec2:*:" + s.Account + ":"
	return s.arns(lead+"instance/*", lead+"volume/*", lead+"network-interface/*")
}

// roles is the stack's own role. That it can be given one policy only keeps the apply role from making a mightier one.
func (s Scope) roles() []Statement {
	return []Statement{
		{Sid: "Role", Effect: "Allow", Action: access, Resource: s.access()},
		{
			Sid: "SessionManager", Effect: "Allow", Action: attaching, Resource: s.arns("iam::" + s.Account + ":role/" + s.Name),
			Condition: Condition{"ArnEquals": {"iam:PolicyARN": s.arns("iam::aws:policy/AmazonSSMManagedInstanceCore")}},
		},
	}
}

// marked holds for calls that give the stack's tag.
func (s Scope) marked() Condition { return equals("aws:RequestTag/"+graph.TagStack, s.Stack) }

// ours holds for what has the stack's tag.
func (s Scope) ours() Condition { return equals("aws:ResourceTag/"+graph.TagStack, s.Stack) }

// elsewhere denies what is regional outside of the regions, whatever else allows it.
func (s Scope) elsewhere() Statement {
	return Statement{
		Sid: "Elsewhere", Effect: "Deny", Resource: []string{"*"},
		Action:    []string{"autoscaling:*", "ec2:*", "elasticloadbalancing:*", "ssm:*"},
		Condition: Condition{"StringNotEquals": {"aws:RequestedRegion": s.Regions}},
	}
}

func (s Scope) access() []string {
	return s.arns("iam::"+s.Account+":role/"+s.Name, "iam::"+s.Account+":instance-profile/"+s.Name)
}

// objects are those of the stack's state.
func (s Scope) objects() string {
	return s.Bucket + "/" + strings.TrimPrefix(s.Prefix+"/"+s.Stack, "/") + "/*"
}

func (s Scope) listing() Statement {
	return Statement{Sid: "ListState", Effect: "Allow", Action: stateLists, Resource: s.arns("s3:::" + s.Bucket)}
}

func (s Scope) arn(rest string) string { return "arn:" + s.Partition + ":" + rest }

func (s Scope) arns(rest ...string) []string {
	all := make([]string, len(rest))
	for i, r := range rest {
		all[i] = s.arn(r)
	}
	return all
}

// calls are the names of actions without their service, as CreateAction has them.
func calls(actions map[string]string) []string {
	var all []string
	for _, action := range slices.Sorted(maps.Keys(actions)) {
		_, call, _ := strings.Cut(action, ":")
		all = append(all, call)
	}
	return all
}
