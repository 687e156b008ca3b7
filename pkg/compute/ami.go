package compute

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// ParameterAPI is what this file calls.
type ParameterAPI interface {
	GetParameter(context.Context, *ssm.GetParameterInput, ...func(*ssm.Options)) (*ssm.GetParameterOutput, error)
}

const (
	amazonLinux2023  = "al2023"
	parameterPrefix  = "ssm:"
	amazonLinuxImage = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
)

// imageID is the form of an image's ID (Amazon EC2 User Guide, "Resource IDs").
var imageID = regexp.MustCompile(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)

// ImageParameter is the SSM parameter that holds the image which spec names for an instance type, or empty where spec
// is the ID of an image. AWS publishes one such parameter for each architecture in every region (Systems Manager user
// guide, "Calling AMI public parameters").
func ImageParameter(spec, instanceType string) string {
	if spec == amazonLinux2023 {
		return amazonLinuxImage + string(ArchitectureOf(instanceType))
	}
	if name, ok := strings.CutPrefix(spec, parameterPrefix); ok {
		return name
	}
	return ""
}

// AMI is the ID of the image that spec stands for in the API's region: "al2023" is the newest Amazon Linux 2023 for
// the instance type's architecture, "ssm:/name" what that parameter holds, and anything else is taken for an ID.
func AMI(ctx context.Context, api ParameterAPI, spec, instanceType string) (string, error) {
	name := ImageParameter(spec, instanceType)
	if name == "" {
		return spec, nil
	}
	out, err := api.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(name)})
	if err != nil {
		return "", fmt.Errorf("look up the image in the SSM parameter %s: %w", name, err)
	}
	id := ""
	if out.Parameter != nil {
		id = aws.ToString(out.Parameter.Value)
	}
	if !imageID.MatchString(id) { // the value may be a secret, which the author of the settings would get to see
		return "", fmt.Errorf("the SSM parameter %s does not hold the ID of an image, such as ami-0123456789abcdef0", name)
	}
	return id, nil
}
