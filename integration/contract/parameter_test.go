package contract

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

var parameterBehaviours = []behaviour{
	{"public parameter of an image", "an image ID", func(w *world) string {
		if strings.HasPrefix(*w.image(), "ami-") {
			return "an image ID"
		}
		return *w.image()
	}},
	{"image of two regions", "two IDs", func(w *world) string {
		if *w.image() == *w.elsewhere().image() {
			return "one ID"
		}
		return "two IDs"
	}},
	{"parameter that does not exist", "ParameterNotFound", func(w *world) string {
		return try(w, w.ssm.GetParameter, &ssm.GetParameterInput{Name: aws.String("/none")})
	}},
}
