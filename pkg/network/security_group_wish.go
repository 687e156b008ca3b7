package network

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"provision/pkg/cloud"
	"provision/pkg/graph"
)

// SecurityGroup is the wish for one with exactly these ingress rules: any other is drift, since it opens a port that
// the settings don't ask for. Egress stays as AWS makes it, open to everywhere.
type SecurityGroup struct {
	SecurityGroups
	graph.Meta
	VPC                    graph.Ref
	GroupName, Description string
	Ingress                []Rule

	// Retiring are rules that the heir does without once it is as wanted: they are revoked then, and others at once.
	Retiring []Rule
	Heir     graph.Ref
}

const (
	fieldIngress = "ingress "
	fieldEgress  = "egress all to " + everywhere
	allowed      = "allowed"

	reportedEgress = "egress "
	fixedGroup     = "AWS can't rename a security group, move it or change its description"
)

// Needs implements [graph.Resource].
func (r SecurityGroup) Needs() []graph.Need {
	needs := []graph.Need{r.VPC.Made()}
	for _, rule := range r.Ingress {
		if !rule.CIDR.IsValid() && rule.Group.Key() != r.Key() {
			needs = append(needs, rule.Group.Made().ThenUpdate())
		}
	}
	return needs
}

// Diff implements [graph.Resource].
func (r SecurityGroup) Diff(o SecurityGroupState) []graph.Change {
	changes := append(r.Labels.Diff(o.Tags), fixedRef("vpcId", o.VPCID, r.VPC, fixedGroup)...)
	if o.GroupName != r.GroupName {
		changes = append(changes, graph.Change{Field: "groupName", From: o.GroupName, To: r.GroupName, Fixed: fixedGroup})
	}
	if o.Description != r.Description {
		changes = append(changes, graph.Change{
			Field: "description", From: o.Description, To: r.Description, Fixed: fixedGroup,
		})
	}
	for _, rule := range r.missing(o) {
		changes = append(changes, graph.Change{
			Field: fieldIngress + rule.String(), To: allowed, After: rule.Group.Key(),
		})
	}
	for _, rule := range r.unwanted(o) {
		change := graph.Change{Field: fieldIngress + rule.String(), From: allowed}
		if slices.ContainsFunc(r.Retiring, func(old Rule) bool { return old.state().same(rule) }) {
			change.After = r.Heir.Key()
		}
		changes = append(changes, change)
	}
	if !slices.ContainsFunc(o.Egress, allowAll.same) {
		changes = append(changes, graph.Change{Field: fieldEgress, To: allowed})
	}
	return changes
}

// Report implements [graph.Reporting]: rules for outgoing connections, which open nothing that is not open already.
func (SecurityGroup) Report(o SecurityGroupState) []graph.Change {
	var changes []graph.Change
	for _, rule := range o.Egress {
		if !rule.same(allowAll) {
			text := strings.Replace(rule.String(), " from ", " to ", 1)
			changes = append(changes, graph.Change{Field: reportedEgress + text, From: allowed})
		}
	}
	return changes
}

func (r SecurityGroup) missing(o SecurityGroupState) []Rule {
	return slices.DeleteFunc(slices.Clone(r.Ingress), func(rule Rule) bool {
		return slices.ContainsFunc(o.Ingress, rule.state().same)
	})
}

func (r SecurityGroup) unwanted(o SecurityGroupState) []RuleState {
	return slices.DeleteFunc(slices.Clone(o.Ingress), func(have RuleState) bool {
		return slices.ContainsFunc(r.Ingress, func(rule Rule) bool { return rule.state().same(have) })
	})
}

// Create implements [graph.Resource].
func (r SecurityGroup) Create(ctx context.Context, c graph.Claim) (SecurityGroupState, error) {
	out, err := r.API.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId:             aws.String(r.VPC.ID()),
		GroupName:         aws.String(r.GroupName),
		Description:       aws.String(r.Description),
		TagSpecifications: cloud.EC2TagSpec(types.ResourceTypeSecurityGroup, c.Tags),
	})
	if err != nil {
		return SecurityGroupState{}, err
	}
	return SecurityGroupState{
		Identity: identityOf(out.GroupId, c), VPCID: r.VPC.ID(), GroupName: r.GroupName, Description: r.Description,
		Egress: []RuleState{allowAll},
	}, nil
}

// Update implements [graph.Resource]: one call for all rules that are missing, one for each that is
// unwanted. A rule that is still open afterwards stays a difference.
func (r SecurityGroup) Update(
	ctx context.Context, o SecurityGroupState, changes []graph.Change,
) (SecurityGroupState, error) {
	id := o.ID
	var missing, unwanted, left []RuleState
	for _, rule := range r.missing(o) {
		if graph.Has(changes, fieldIngress+rule.String()) {
			missing = append(missing, rule.state())
		}
	}
	for _, rule := range r.unwanted(o) {
		if graph.Has(changes, fieldIngress+rule.String()) {
			unwanted = append(unwanted, rule)
		}
	}
	err := sideBySide(
		retag(ctx, r.API, &o.Identity, r.Labels, changes),
		func() error { return r.authorize(ctx, id, missing) },
		func() (err error) {
			left, err = r.revoke(ctx, id, unwanted)
			return err
		},
		func() error {
			if !graph.Has(changes, fieldEgress) {
				return nil
			}
			_, err := r.API.AuthorizeSecurityGroupEgress(ctx, &ec2.AuthorizeSecurityGroupEgressInput{
				GroupId: aws.String(id), IpPermissions: permissions([]RuleState{allowAll}),
			})
			o.Egress = append(slices.Clone(o.Egress), allowAll)
			return err
		},
	)
	o.Ingress = slices.DeleteFunc(slices.Clone(o.Ingress), func(have RuleState) bool {
		return slices.Contains(unwanted, have) && !slices.ContainsFunc(left, have.same)
	})
	o.Ingress = append(o.Ingress, missing...)
	return o, err
}

// authorize adds ingress rules in one call.
func (r SecurityGroup) authorize(ctx context.Context, id string, rules []RuleState) error {
	if len(rules) == 0 {
		return nil
	}
	_, err := r.API.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: aws.String(id), IpPermissions: permissions(rules),
	})
	return err
}
