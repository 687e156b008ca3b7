package session

import (
	"context"
	"slices"
	"strings"

	"provision/pkg/cloud"
	"provision/pkg/compute"
	"provision/pkg/config"
	"provision/pkg/policy"
	"provision/pkg/stack"
	"provision/pkg/state"
)

// Scope is what policies are limited to. Where the options name the account that needs no credentials.
func (s *Session) Scope(ctx context.Context) (policy.Scope, error) {
	account := s.options.AWS.Account
	if account == "" {
		if err := s.Identify(ctx, s.AnyRegion()); err != nil {
			return policy.Scope{}, err
		}
		account = s.Identity.Account
	}
	images, err := imagesOf(s.Config, account)
	scope := policy.Scope{
		Stack: s.Config.Name, Name: (&stack.Stack{Config: s.Config}).Name(), Account: account,
		Partition: cloud.Partition(s.AnyRegion()), Regions: s.Config.Regions,
		Images: images.parameters, Owners: images.owners, AMIs: images.ids,
		Settings: stack.Wanted(s.Config, s.Config.Regions...),
	}
	if s.Config.Target.RoleARN == "" { // else the role is not what the state is kept with
		scope.Bucket, scope.Prefix, _ = state.ParseS3URL(s.Config.State.S3)
		scope.KMSKey = s.Config.State.KMSKey
	}
	return scope, err
}

// images are those that the settings of all regions name.
type images struct {
	parameters []string // of the account itself, which hold images
	ids        []string // of images
	owners     []string // of all others; that of an image in a parameter of the account is not known without reading it
}

func imagesOf(c *config.Config, account string) (images, error) {
	found := images{owners: []string{"amazon"}}
	for _, region := range c.Regions {
		settings, err := c.Region(region)
		if err != nil {
			return images{}, err
		}
		name := compute.ImageParameter(settings.Compute.AMI, settings.Compute.Type)
		if name == "" {
			found.ids = append(found.ids, settings.Compute.AMI)
			continue
		}
		if !strings.HasPrefix(name, publicParameters) {
			found.parameters = append(found.parameters, name)
		}
		if owner := ownerOf(name, account); !slices.Contains(found.owners, owner) {
			found.owners = append(found.owners, owner)
		}
	}
	found.parameters, found.ids = distinct(found.parameters), distinct(found.ids)
	return found, nil
}

func distinct(all []string) []string { return slices.Compact(slices.Sorted(slices.Values(all))) }

// publicParameters start the names of AWS's own parameters.
const publicParameters = "/aws/service/"

// publishers are the accounts of those who publish images by AWS's public parameters, by the start of their names (Ubuntu on
// AWS, "Find Ubuntu images on AWS"; Debian wiki, "Amazon EC2 Images"). All others there are Amazon's own.
var publishers = map[string]string{publicParameters + "canonical/": "099720109477", publicParameters + "debian/": "136693071363"}

// ownerOf is the owner of the image that a parameter holds.
func ownerOf(parameter, account string) string {
	for prefix, publisher := range publishers {
		if strings.HasPrefix(parameter, prefix) {
			return publisher
		}
	}
	if strings.HasPrefix(parameter, publicParameters) {
		return "amazon"
	}
	return account
}
