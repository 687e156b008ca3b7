package policy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// prefixes are the services' names in IAM, by their packages in the SDK.
var prefixes = map[string]string{
	"ec2": "ec2", "elasticloadbalancingv2": "elasticloadbalancing", "autoscaling": "autoscaling", "iam": "iam",
	"cloudwatchlogs": "logs", "ssm": "ssm", "sts": "sts", "s3": "s3", "servicequotas": "servicequotas",
}

// s3Names are the actions of S3 that are not named as their operations are. See "Actions, resources, and condition keys
// for Amazon S3".
var s3Names = map[string]string{
	"s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket", "s3:ListObjectVersions": "s3:ListBucketVersions",
	"s3:GetBucketEncryption": "s3:GetEncryptionConfiguration", "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
	"s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock", "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
	"s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
	"s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}

// declared are the actions that the program's own code can call: each call has an input, or comes by a paginator.
func declared(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, root := range []string{"../../cmd", ".."} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && slices.Contains([]string{"sandbox", "testdata", "bootstrap"}, d.Name()) {
				return filepath.SkipDir
			}
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				return declaredIn(path, found)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for action := range found {
		all = append(all, action)
	}
	slices.Sort(all)
	return all
}

func declaredIn(path string, found map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	services := map[string]string{} // by the name in this file
	for _, imported := range file.Imports {
		at := strings.Trim(imported.Path.Value, `"`)
		if service, ok := strings.CutPrefix(at, "github.com/aws/aws-sdk-go-v2/service/"); ok && prefixes[service] != "" {
			name := service
			if imported.Name != nil {
				name = imported.Name.Name
			}
			services[name] = prefixes[service]
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selected, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := selected.X.(*ast.Ident)
		if !ok || services[of.Name] == "" {
			return true
		}
		for _, end := range []string{"Input", "APIClient"} {
			if operation, ok := strings.CutSuffix(selected.Sel.Name, end); ok && operation != "" {
				action := services[of.Name] + ":" + operation
				if other := s3Names[action]; other != "" {
					action = other
				}
				found[action] = true
			}
		}
		return true
	})
	return nil
}
