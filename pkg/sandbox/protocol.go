package sandbox

import (
	"provision/pkg/sandbox/s3"
	"provision/pkg/sandbox/wire"
)

// protocols of the services.
var protocols = map[string]wire.Protocol{
	"ec2":                  ec2Protocol,
	"autoscaling":          wire.Query{Namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/"},
	"elasticloadbalancing": wire.Query{Namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"},
	"iam":                  wire.Query{Namespace: "https://iam.amazonaws.com/doc/2010-05-08/"},
	"sts":                  wire.Query{Namespace: "https://sts.amazonaws.com/doc/2011-06-15/"},
	"ssm":                  wire.JSON{},
	"logs":                 wire.JSON{},
	"kms":                  wire.JSON{},
	"servicequotas":        wire.JSON{},
	"s3":                   wire.REST{Namespace: s3.Namespace, Route: s3.Route},
}

var ec2Protocol = wire.EC2{Namespace: "http://ec2.amazonaws.com/doc/2016-11-15/"}

// protocol of the call's service. Unsigned and unknown calls are taken for calls of EC2.
func (c *call) protocol() wire.Protocol {
	if p := protocols[c.service]; p != nil {
		return p
	}
	return ec2Protocol
}

// success is the reply for a handler's answer.
func (c *call) success(out any) *wire.Reply { return c.protocol().Success(c.head(), out) }

// failure is the reply for an error.
func (c *call) failure(err *Error) *wire.Reply { return c.protocol().Failure(c.head(), err) }

func (c *call) head() wire.Call {
	return wire.Call{Method: c.http.Method, Action: c.action, RequestID: c.requestID}
}
