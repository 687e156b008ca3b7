package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"provision/pkg/clock"
	"provision/pkg/cloud"
	"provision/pkg/graph"
	"provision/pkg/policy"
)

// Tag is on all that is made here; its value is the stack's name.
const Tag = graph.TagBootstrap

// Bootstrap is what one stack's pipeline needs in its account.
type Bootstrap struct {
	API    API
	Scope  policy.Scope
	GitHub policy.GitHub
}

// Step is one change.
type Step struct {
	What string // a clause, such as "create the role provision-web-plan"
	Do   func(context.Context) error
}

// ForeignError reports that a required name is taken by a resource that does not belong to this setup.
type ForeignError struct{ What string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s exists but bootstrap did not create it (it has no tag %s for this stack), so it is left alone; remove or "+
		"rename it, or choose another --name", e.What, Tag)
}

// Plan is what has to be done; nothing if all is as wanted.
func (b Bootstrap) Plan(ctx context.Context) ([]Step, error) {
	steps, err := b.planProvider(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range b.roles() {
		found, err := b.planRole(ctx, r)
		if err != nil {
			return nil, err
		}
		steps = append(steps, found...)
	}
	return steps, nil
}

// PlanRemoval is what has to be done so that nothing is left. The identity provider stays while others use it.
func (b Bootstrap) PlanRemoval(ctx context.Context) ([]Step, error) {
	var steps []Step
	for _, r := range b.roles() {
		found, err := b.planRoleRemoval(ctx, r)
		if err != nil {
			return nil, err
		}
		steps = append(steps, found...)
	}
	last, err := b.planProviderRemoval(ctx)
	return append(steps, last...), err
}

const (
	attempts  = 8 // two minutes or so
	firstWait = time.Second
)

// Do carries out the steps, in order, and returns the error of the first that failed, with its name. IAM is eventually
// consistent: a step's resource is not visible everywhere at once, so that Do repeats the next step for a while.
func Do(ctx context.Context, steps []Step) error {
	for _, s := range steps {
		if err := s.patiently(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.What, err)
		}
	}
	return nil
}

func (s Step) patiently(ctx context.Context) error {
	for try, wait := 1, firstWait; ; try, wait = try+1, 2*wait {
		err := s.Do(ctx)
		if class := cloud.Classify(err); try == attempts || class != graph.NotFound && class != graph.NotYet {
			return err
		}
		if stopped := clock.Sleep(ctx, wait); stopped != nil {
			return errors.Join(stopped, err)
		}
	}
}

// roles are the one that reads, assumed by developers and by the workflows of pull requests, and the one that writes,
// assumed only by the pipeline.
func (b Bootstrap) roles() []wantedRole {
	return []wantedRole{
		{name: b.Scope.Name + "-plan", trust: policy.TrustPlan(b.Scope, b.GitHub), allows: policy.Plan(b.Scope)},
		{name: b.Scope.Name + "-apply", trust: policy.Trust(b.Scope, b.GitHub), allows: policy.Apply(b.Scope)},
	}
}

func (b Bootstrap) tags() []types.Tag {
	return []types.Tag{{Key: aws.String(Tag), Value: aws.String(b.Scope.Stack)}}
}

func (b Bootstrap) owns(tags []types.Tag) bool {
	for _, t := range tags {
		if aws.ToString(t.Key) == Tag && aws.ToString(t.Value) == b.Scope.Stack {
			return true
		}
	}
	return false
}
