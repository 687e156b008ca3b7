package contract

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var templateBehaviours = []behaviour{
	{"CreateLaunchTemplate ClientToken replay", "same id", func(w *world) string {
		in := w.templateInput("web")
		in.ClientToken = aws.String("token")
		first := do(w, w.ec2.CreateLaunchTemplate, in).LaunchTemplate.LaunchTemplateId
		again, err := w.ec2.CreateLaunchTemplate(w.ctx, in)
		if err != nil {
			return outcome(err)
		}
		return sameID(first, again.LaunchTemplate.LaunchTemplateId)
	}},
	{"ClientToken with other parameters", "IdempotentParameterMismatch", func(w *world) string {
		in := w.templateInput("web")
		in.ClientToken = aws.String("token")
		do(w, w.ec2.CreateLaunchTemplate, in)
		in.LaunchTemplateData.InstanceType = types.InstanceTypeT3Small
		return try(w, w.ec2.CreateLaunchTemplate, in)
	}},
	{"launch template name taken", "InvalidLaunchTemplateName.AlreadyExistsException", func(w *world) string {
		w.template("web")
		in := w.templateInput("web")
		in.LaunchTemplateData.InstanceType = types.InstanceTypeT3Small
		return try(w, w.ec2.CreateLaunchTemplate, in)
	}},
	{"tags on launch template / describe by tag", "kept / found", func(w *world) string {
		in := w.templateInput("web")
		in.TagSpecifications = tagged(types.ResourceTypeLaunchTemplate)
		kept, found := "lost", "not found"
		if made := do(w, w.ec2.CreateLaunchTemplate, in); len(made.LaunchTemplate.Tags) == 1 {
			kept = "kept"
		}
		out := do(w, w.ec2.DescribeLaunchTemplates, &ec2.DescribeLaunchTemplatesInput{Filters: byTag()})
		if len(out.LaunchTemplates) == 1 {
			found = "found"
		}
		return kept + " / " + found
	}},
	{"LT with TagSpecifications launches tagged", "kept in version data", func(w *world) string {
		in := w.templateInput("web")
		in.LaunchTemplateData.TagSpecifications = []types.LaunchTemplateTagSpecificationRequest{{
			ResourceType: types.ResourceTypeInstance, Tags: tagged(types.ResourceTypeInstance)[0].Tags,
		}}
		made := do(w, w.ec2.CreateLaunchTemplate, in).LaunchTemplate
		out := do(w, w.ec2.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{
			LaunchTemplateId: made.LaunchTemplateId,
		})
		if specs := out.LaunchTemplateVersions[0].LaunchTemplateData.TagSpecifications; len(specs) == 1 {
			return "kept in version data"
		}
		return "lost"
	}},
}
