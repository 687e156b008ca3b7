package compute

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"provision/pkg/graph"
)

// Delete implements [graph.Kind]. The group's instances go with it; where its deletion protection does not allow that, they
// go first. Auto Scaling has no error code of its own for a group that is not there, so that a look tells.
func (k AutoScalingGroups) Delete(ctx context.Context, o AutoScalingGroupState) error {
	if o.Protection == types.DeletionProtectionPreventForceDeletion {
		return k.deleteEmpty(ctx, o.ID)
	}
	err := k.delete(ctx, o.ID, true)
	if err == nil {
		return nil
	}
	left, lookErr := k.named(ctx, nil, o.ID)
	if lookErr != nil {
		return err
	}
	i := slices.IndexFunc(left, func(o AutoScalingGroupState) bool { return o.Status == "" })
	switch {
	case i < 0:
		return nil
	case left[i].Protection == types.DeletionProtectionPreventForceDeletion: // since the plan
		return k.deleteEmpty(ctx, o.ID)
	case left[i].protected():
		return &graph.HeldError{By: k.protections(left[i])}
	}
	return err
}

func (k AutoScalingGroups) delete(ctx context.Context, name string, force bool) error {
	_, err := k.API.DeleteAutoScalingGroup(ctx, &autoscaling.DeleteAutoScalingGroupInput{
		AutoScalingGroupName: aws.String(name), ForceDelete: aws.Bool(force),
	})
	return err
}

// deleteEmpty takes one step of a deletion without force: it lets the group end its instances, and deletes it once they are
// gone. AWS answers that the group is in use until then, and the engine comes back.
func (k AutoScalingGroups) deleteEmpty(ctx context.Context, name string) error {
	found, err := k.named(ctx, nil, name)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Status != "" {
		return nil
	}
	o := found[0]
	if by := k.protections(o); len(by) > 0 {
		return &graph.HeldError{By: by}
	}
	if o.Max > 0 {
		_, err := k.API.UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
			AutoScalingGroupName: aws.String(name), MinSize: aws.Int32(0), MaxSize: aws.Int32(0), DesiredCapacity: aws.Int32(0),
		})
		if err != nil {
			return err
		}
	}
	if err := k.delete(ctx, name, false); err != nil {
		return fmt.Errorf("its deletion protection is %s, so that its instances end first, of which %d are left: %w", o.Protection, len(o.Members), err)
	}
	return nil
}

// Obstacles implements [graph.Guarded]: what stops a removal of the group and does not go along with it.
func (k AutoScalingGroups) Obstacles(_ context.Context, _ *graph.Look, o AutoScalingGroupState) ([]graph.Blocker, error) {
	return k.protections(o), nil
}

func (o AutoScalingGroupState) protected() bool {
	return o.Protection != "" && o.Protection != types.DeletionProtectionNone
}

// protections are the switches that keep the group from being deleted ("Configure deletion protection for your Amazon EC2
// Auto Scaling resources"). With prevent-all-deletion there is one; with prevent-force-deletion the group has to be
// empty, and people can have set instances aside that scaling in does not end, or have suspended what ends them.
func (k AutoScalingGroups) protections(o AutoScalingGroupState) []graph.Blocker {
	if !o.protected() {
		return nil
	}
	if o.Protection != types.DeletionProtectionPreventForceDeletion {
		return []graph.Blocker{k.protection(o, "update-auto-scaling-group --deletion-protection none")}
	}
	var all []graph.Blocker
	for command, ids := range map[string][]string{
		"set-instance-protection --no-protected-from-scale-in": o.membersWhere(func(m Member) bool { return m.Protected }),
		"exit-standby": o.membersWhere(Member.standby),
	} {
		if len(ids) > 0 {
			all = append(all, k.protection(o, command+" --instance-ids "+strings.Join(ids, " ")))
		}
	}
	slices.SortFunc(all, func(a, b graph.Blocker) int { return strings.Compare(a.Remove, b.Remove) })
	if slices.Contains(o.Suspended, terminating) {
		all = append(all, k.protection(o, "resume-processes --scaling-processes "+terminating))
	}
	return all
}

// terminating is the process that ends instances when a group shrinks.
const terminating = "Terminate"

func (k AutoScalingGroups) protection(o AutoScalingGroupState, command string) graph.Blocker {
	remove := "aws autoscaling " + command + " --auto-scaling-group-name " + o.ID
	if k.Region != "" {
		remove += " --region " + k.Region
	}
	return graph.Blocker{ID: o.ID, Kind: graph.Protection, Remove: remove}
}

func (o AutoScalingGroupState) membersWhere(is func(Member) bool) (ids []string) {
	for _, m := range o.Members {
		if is(m) && !m.leaving() {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
