package compute

import "provision/pkg/kind"

// launching is what a group does on behalf of its creator: it launches from a template, tags what it launches, and hands
// the instances their role.
var launching = []kind.Allowance{
	{
		Sid: "Launch", Actions: []string{"ec2:RunInstances"}, On: []string{"*"}, Implied: true,
		Limits: []kind.Limit{{Operator: "ArnLike", Key: "ec2:LaunchTemplate", Values: []string{"ec2:*:{account}:launch-template/*"}}},
	},
	// The tags are the template's and not the request's, so that they are no condition: see "Tags in a launch template" in
	// the user guide of EC2. A launch can only tag what it creates: instances, volumes, network interfaces.
	{
		Sid: "TagWhatIsLaunched", Actions: []string{"ec2:CreateTags"}, Implied: true,
		On:     []string{"ec2:*:{account}:*/*"},
		Limits: []kind.Limit{kind.Equals("ec2:CreateAction", "RunInstances")},
	},
	{
		Sid: "PassRole", Actions: []string{"iam:PassRole"}, On: []string{"iam::{account}:role/{role}"}, Implied: true,
		Limits: []kind.Limit{kind.Equals("iam:PassedToService", "ec2.amazonaws.com", "ec2.amazonaws.com.cn")}, // China's own name for it
	},
}
