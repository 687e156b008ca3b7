package inventory

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// kind is how all of one kind are listed.
type kind struct {
	name string
	list func(context.Context) ([]item, error)
}

type item struct {
	id    string
	value any
}

type clients struct {
	ec2         *ec2.Client
	balancing   *elasticloadbalancingv2.Client
	autoscaling *autoscaling.Client
	iam         *iam.Client
	logs        *cloudwatchlogs.Client
}

func clientsOf(cfg aws.Config, region string) clients {
	cfg = cfg.Copy()
	cfg.Region = region
	return clients{
		ec2:         ec2.NewFromConfig(cfg),
		balancing:   elasticloadbalancingv2.NewFromConfig(cfg),
		autoscaling: autoscaling.NewFromConfig(cfg),
		iam:         iam.NewFromConfig(cfg),
		logs:        cloudwatchlogs.NewFromConfig(cfg),
	}
}

func regionalKinds(c clients) []kind {
	return slices.Concat(networkKinds(c.ec2), computeKinds(c.ec2), groupKinds(c.autoscaling), balancingKinds(c.balancing), logKinds(c.logs))
}

// pager is what all paginators of the SDK are.
type pager[Page, Options any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Options)) (*Page, error)
}

// collect turns all pages into items.
func collect[Page, Options, T any](
	ctx context.Context, pages pager[Page, Options], things func(*Page) []T, id func(T) *string,
) ([]item, error) {
	var found []item
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, items(things(page), id)...)
	}
	return found, nil
}

func items[T any](things []T, id func(T) *string) []item {
	found := make([]item, len(things))
	for i, thing := range things {
		found[i] = item{id: aws.ToString(id(thing)), value: thing}
	}
	return found
}

// without drops the things that have ended.
func without[T any](things []T, ended func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(things), ended)
}
