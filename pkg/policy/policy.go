package policy

import (
	"slices"
	"strings"

	"provision/pkg/graph"
	"provision/pkg/kind"
)

// Scope is what the policies are limited to.
type Scope struct {
	Stack     string   // as in the settings
	Name      string   // of the stack's role, group and load balancer
	Account   string   // 12 digits
	Partition string   // of ARNs: aws, aws-cn or aws-us-gov
	Regions   []string // empty: all
	Images    []string // the account's own parameters that hold images; they start with a slash
	AMIs      []string // images that are launched, of any owner
	Owners    []string // accounts, or AWS's names for them, whose images are launched; empty: Amazon
	Settings  []string // those that are on in a region and bring kinds with them, such as network.flow_logs

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

// owners are those of images.
func (s Scope) owners() []string {
	if len(s.Owners) == 0 {
		return []string{"amazon"}
	}
	return s.Owners
}

// Plan allows to look, and to read the state.
func Plan(s Scope) Document {
	statements := []Statement{
		{Sid: "Look", Effect: "Allow", Action: s.looks(), Resource: []string{"*"}},
		{Sid: "Images", Effect: "Allow", Action: parameterReads, Resource: s.images()},
	}
	for _, of := range s.services() {
		statements = append(statements, of.looks()...)
	}
	statements = append(statements, Statement{
		Sid: "Simulate", Effect: "Allow", Action: simulations, Resource: s.arns("iam::" + s.Account + ":role/*"),
	})
	if len(s.Regions) > 0 {
		statements = append(statements, s.elsewhere())
	}
	if s.Bucket != "" {
		statements = append(statements, Statement{
			Sid: "ReadState", Effect: "Allow", Action: stateReads, Resource: s.arns("s3:::" + s.objects()),
		}, s.listing())
		statements = append(statements, s.key("ReadKey", keyReads)...)
	}
	return document(merged(statements)...)
}

// Apply allows all of [Plan], and to make, change and remove what carries the stack's tag, or its name where that is
// all there is.
func Apply(s Scope) Document {
	all := Plan(s)
	for _, of := range s.services() {
		all.Statement = append(all.Statement, of.writes()...)
	}
	all.Statement = append(all.Statement, s.behalf()...)
	if s.Bucket != "" {
		all.Statement = append(all.Statement, Statement{
			Sid: "WriteState", Effect: "Allow", Action: stateWrites, Resource: s.arns("s3:::" + s.objects()),
		})
		all.Statement = append(all.Statement, s.key("WriteKey", keyWrites)...)
	}
	return document(merged(all.Statement)...)
}

// marked holds for calls that give the stack's tag.
func (s Scope) marked() Condition { return equals("aws:RequestTag/"+graph.TagStack, s.Stack) }

// ours is the condition that the resource has the stack's tag.
func (s Scope) ours() Condition { return equals("aws:ResourceTag/"+graph.TagStack, s.Stack) }

// elsewhere denies what is regional outside of the regions, whatever else allows it.
func (s Scope) elsewhere() Statement {
	actions := []string{"ssm:*"}
	for _, of := range s.services() {
		if slices.ContainsFunc(of.kinds, func(r kind.Registration) bool { return !r.Global }) {
			actions = append(actions, of.name+":*")
		}
	}
	return Statement{
		Sid: "Elsewhere", Effect: "Deny", Resource: []string{"*"}, Action: sorted(actions),
		Condition: Condition{"StringNotEquals": {"aws:RequestedRegion": s.Regions}},
	}
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
