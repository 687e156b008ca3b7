package access

import "strings"

// nameOf is what IAM's calls want of an ARN: what follows its last slash.
func nameOf(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

func namesOf(arns []string) []string {
	names := make([]string, 0, len(arns))
	for _, arn := range arns {
		names = append(names, nameOf(arn))
	}
	return names
}
