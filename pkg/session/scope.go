package session

import (
	"context"
	"errors"
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
	images, err := ownImages(s.Config)
	owners, amis, ownersErr := launched(s.Config, account)
	err = errors.Join(err, ownersErr)
	scope := policy.Scope{
		Stack: s.Config.Name, Name: (&stack.Stack{Config: s.Config}).Name(), Account: account,
		Partition: cloud.Partition(s.AnyRegion()), Regions: s.Config.Regions, Images: images,
		Owners: owners, AMIs: amis,
		Settings: stack.Wanted(s.Config, s.Config.Regions...),
	}
	if s.Config.Target.RoleARN == "" { // else the role is not what the state is kept with
		scope.Bucket, scope.Prefix, _ = state.ParseS3URL(s.Config.State.S3)
		scope.KMSKey = s.Config.State.KMSKey
	}
	return scope, err
}

// ownImages are the parameters of the account itself that the settings take images from.
func ownImages(c *config.Config) ([]string, error) {
	var names []string
	for _, region := range c.Regions {
		settings, err := c.Region(region)
		if err != nil {
			return nil, err
		}
		name := compute.ImageParameter(settings.Compute.AMI, settings.Compute.Type)
		if name != "" && !strings.HasPrefix(name, "/aws/service/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// publishers are the accounts of those who publish images by AWS's public parameters, by the start of their names (Ubuntu on
// AWS, "Find Ubuntu images on AWS"; Debian wiki, "Amazon EC2 Images"). All others there are Amazon's own.
var publishers = map[string]string{"/aws/service/canonical/": "099720109477", "/aws/service/debian/": "136693071363"}

// launched are the owners of the images that the settings name, and the images that they name by ID. The owner of an image that
// a parameter of the account's holds is not known without reading it: it is the account or Amazon.
func launched(c *config.Config, account string) (owners, amis []string, err error) {
	owners = []string{"amazon"}
	for _, region := range c.Regions {
		settings, err := c.Region(region)
		if err != nil {
			return nil, nil, err
		}
		if strings.HasPrefix(settings.Compute.AMI, "ami-") {
			amis = append(amis, settings.Compute.AMI)
			continue
		}
		owner := ownerOf(compute.ImageParameter(settings.Compute.AMI, settings.Compute.Type), account)
		if !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
	}
	slices.Sort(amis)
	return owners, slices.Compact(amis), nil
}

// ownerOf is the owner of the image that a parameter holds.
func ownerOf(parameter, account string) string {
	for prefix, publisher := range publishers {
		if strings.HasPrefix(parameter, prefix) {
			return publisher
		}
	}
	if strings.HasPrefix(parameter, "/aws/service/") {
		return "amazon"
	}
	return account
}
