package sandbox

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// quota is how many tokens an API has at most, and how many a second it is refilled with.
type quota struct {
	size   int
	refill rate.Limit
}

// The rates of EC2 ("Request throttling for the Amazon EC2 API"): unfiltered reads share a smaller token bucket there, which
// the sandbox leaves out. S3 takes what it takes for each prefix ("Best practices design patterns: optimizing Amazon S3
// performance"). The other services have EC2's, since AWS tells no numbers.
var (
	rateRead  = quota{100, 20}
	rateWrite = quota{50, 5}
	rateS3    = quota{3500, 3500}
	rateOwn   = map[string]quota{
		"ec2:RunInstances": {5, 2}, "ec2:CreateVpcEndpoint": {4, 0.3}, "ec2:ModifyVpcEndpoint": {4, 0.3},
		"ec2:CreateTags": {100, 10}, "ec2:DeleteTags": {100, 10},
	}
)

// limiters are the tokens of each API in each region of each account, in the sandbox's time.
type limiters struct {
	mu  sync.Mutex
	all map[string]*rate.Limiter
}

// take takes a call's token, or says that there is none.
func (b *limiters) take(c *call, op *operation, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	api := c.service + ":" + c.action
	key := c.account.id + "/" + c.region.name + "/" + api
	if b.all == nil {
		b.all = map[string]*rate.Limiter{}
	}
	if b.all[key] == nil {
		r := rateFor(api, op)
		b.all[key] = rate.NewLimiter(r.refill, r.size)
	}
	return b.all[key].AllowN(now, 1)
}

func rateFor(api string, op *operation) quota {
	if own, ok := rateOwn[api]; ok {
		return own
	}
	if strings.HasPrefix(api, "s3:") {
		return rateS3
	}
	if op != nil && op.is(mutates) && !strings.Contains(api, ":Describe") {
		return rateWrite
	}
	return rateRead
}
