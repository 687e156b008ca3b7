package access

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// SessionManagerPolicy is the ARN of the policy that lets an instance be reached by Session Manager (Systems Manager
// user guide, "Configure instance permissions required for Systems Manager").
func SessionManagerPolicy(partition string) string {
	return "arn:" + partition + ":iam::aws:policy/AmazonSSMManagedInstanceCore"
}

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
