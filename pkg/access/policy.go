package access

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// sessionActions are what an instance needs so that Session Manager reaches it, and no more: see "Verify or create an IAM
// role with Session Manager permissions" in the Systems Manager user guide. For sessions that are encrypted or logged that
// guide adds kms:Decrypt and the actions of a bucket: no setting knows the account's preferences for sessions.
var sessionActions = []string{
	"ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
	"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
}

// SessionPolicy lets an instance be reached by Session Manager. It can't be limited to the instance: none of the actions
// but the first takes a resource, and that has the instance's ID.
func SessionPolicy() string {
	actions, err := json.Marshal(sessionActions)
	if err != nil {
		panic(err) // strings have a form
	}
	return canonical(fmt.Sprintf(
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": %s, "Resource": "*"}]}`, actions))
}

// roleBoundary is AWS's policy of instances that Systems Manager manages without a role. It allows what the agent calls, and
// to read no parameter. As long as it bounds the role, a policy that is put into the role can't allow more: so who is
// allowed to put one there, as the apply role is, can't make a mightier role of it.
const roleBoundary = "iam::aws:policy/AmazonSSMManagedEC2InstanceDefaultPolicy"

// formerPolicy is what roles of earlier versions had attached. It lets an instance read every parameter of the account.
const formerPolicy = "iam::aws:policy/AmazonSSMManagedInstanceCore"

// trustPolicy lets EC2 hand the role to instances. China's EC2 goes by a name of its own.
func trustPolicy(partition string) string {
	service := "ec2.amazonaws.com"
	if partition == "aws-cn" {
		service += ".cn"
	}
	return canonical(fmt.Sprintf(`{
		"Version": "2012-10-17",
		"Statement": [{"Effect": "Allow", "Principal": {"Service": %q}, "Action": "sts:AssumeRole"}]
	}`, service))
}

// decodePolicy reads a policy as IAM answers it, which is URL-encoded. Text that is not JSON, which no policy of IAM
// is, stays as it is and differs from every policy.
func decodePolicy(encoded string) (string, error) {
	text, err := url.QueryUnescape(encoded)
	if err != nil {
		return "", fmt.Errorf("decode a policy: %w", err)
	}
	return canonical(text), nil
}

// canonical is one form for all texts that mean the same: no spaces, keys in order.
func canonical(text string) string {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return text
	}
	out, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return string(out)
}
