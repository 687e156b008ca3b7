package sandbox

import (
	"strings"
	"sync"
	"time"
)

// bucket is the tokens of one API in one region of one account.
type bucket struct {
	left float64
	at   time.Time
}

// rate is a bucket's size, and how many tokens a second it is refilled with.
type rate struct{ size, refill float64 }

// The rates of EC2 ("Request throttling for the Amazon EC2 API"): unfiltered reads share a smaller bucket there, which
// the sandbox leaves out. S3 takes what it takes for each prefix ("Best practices design patterns: optimizing Amazon S3
// performance"). The other services have EC2's, since AWS tells no numbers.
var (
	rateRead  = rate{100, 20}
	rateWrite = rate{50, 5}
	rateS3    = rate{3500, 3500}
	rateOwn   = map[string]rate{
		"ec2:RunInstances": {5, 2}, "ec2:CreateVpcEndpoint": {4, 0.3}, "ec2:ModifyVpcEndpoint": {4, 0.3},
		"ec2:CreateTags": {100, 10}, "ec2:DeleteTags": {100, 10},
	}
)

type buckets struct {
	mu  sync.Mutex
	all map[string]*bucket
}

// take takes a call's token, or says that there is none.
func (b *buckets) take(c *call, op *operation, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	api := c.service + ":" + c.action
	r := rateFor(api, op)
	key := c.account.id + "/" + c.region.name + "/" + api
	if b.all == nil {
		b.all = map[string]*bucket{}
	}
	have := b.all[key]
	if have == nil {
		have = &bucket{left: r.size, at: now}
		b.all[key] = have
	}
	have.left = min(r.size, have.left+now.Sub(have.at).Seconds()*r.refill)
	have.at = now
	if have.left < 1 {
		return false
	}
	have.left--
	return true
}

func rateFor(api string, op *operation) rate {
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
