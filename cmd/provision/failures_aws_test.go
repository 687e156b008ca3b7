package main

import (
	"provision/pkg/ending"
	"provision/pkg/sandbox"
)

const (
	planHere = "plan --regions eu-west-1"
	upHere   = "up --regions eu-west-1 --yes"
)

// upFirst creates the stack before something goes wrong with it.
func upFirst(w *world) { w.must(ending.Done, w.run("up", "--regions", "eu-west-1", "--yes")) }

// awsFailures are what AWS answers.
func awsFailures() []failure {
	return []failure{
		{
			name: "wrong-key", command: planHere,
			faults: []string{"*/sts:*/code=InvalidClientTokenId,message=The security token included in the request is invalid."},
		},
		{name: "credentials-expired", command: upHere, faults: []string{"*/ec2:CreateSubnet/expired-token"}},
		{name: "clock", command: planHere, faults: []string{"*/*:*/clock-skew"}},
		{
			name: "region-not-enabled", command: "up --regions eu-west-1,ap-east-1 --yes",
			options: sandbox.Options{OptedIn: []string{"ap-east-1"}}, // but for the call that says it, so that it is always that one
			faults: []string{
				"ap-east-1/ec2:DescribeVpcs/code=OptInRequired,message=You are not subscribed to this service. Please go to " +
					"http://aws.amazon.com to subscribe.",
			},
		},
		{
			name: "permission", command: upHere,
			faults: []string{
				"*/ec2:CreateNatGateway/code=UnauthorizedOperation,message=You are not authorized to perform this operation.",
			},
		},
		{
			name: "permission-iam", command: upHere,
			faults: []string{
				"*/iam:CreateRole/code=AccessDenied,message=User: arn:aws:iam::123456789012:user/ada is not authorized to " +
					"perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/provision-web",
			},
		},
		{name: "quota-vpc", command: upHere, options: sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaVPCs: 0}}},
		{name: "quota-address", command: upHere, options: sandbox.Options{Quotas: map[sandbox.Quota]int{sandbox.QuotaElasticIPs: 0}}},
		{
			name: "quota-nat", command: upHere,
			faults: []string{"*/ec2:CreateNatGateway/code=NatGatewayLimitExceeded,message=The maximum number of NAT gateways has been reached."},
		},
		{
			name: "quota-balancer", command: upHere,
			faults: []string{
				"*/elasticloadbalancing:CreateLoadBalancer/code=TooManyLoadBalancers,message=The maximum number of load " +
					"balancers has been reached.",
			},
		},
		{
			name: "quota-vcpu", command: upHere,
			faults: []string{
				"*/ec2:RunInstances/code=VcpuLimitExceeded,message=You have requested more vCPU capacity than your current vCPU " +
					"limit of 0 allows for the instance bucket that the specified instance type belongs to.",
			},
		},
		{name: "capacity", command: upHere, faults: []string{"*/ec2:RunInstances/code=InsufficientInstanceCapacity"}},
		{name: "throttled", command: upHere, faults: []string{"*/ec2:CreateVpc/throttle"}},
		{name: "aws-fault", command: planHere, faults: []string{"*/ec2:DescribeSubnets/5xx"}},
		{
			name: "zones", command: planHere,
			settings: smallStack + "  compute: {type: t9.micro}\n",
		},
		{
			name: "image-parameter", command: planHere,
			settings: smallStack + "  compute: {ami: \"ssm:/images/web/current\"}\n",
		},
		{
			name: "name-taken", command: upHere,
			faults: []string{
				"*/elasticloadbalancing:CreateLoadBalancer/code=DuplicateLoadBalancerName,message=A load balancer with the " +
					"same name 'provision-web' exists, but with different settings",
			},
		},
		{name: "nat-failed", command: upHere, faults: []string{"*/ec2:NatGatewayAvailable/code=InternalError,message=The NAT gateway could not be made."}},
		{name: "no-call", command: upHere, faults: []string{"*/autoscaling:CreateAutoScalingGroup/code=NotImplemented"}},
		{
			name: "silent", command: upHere,
			settings: smallStack + "  verify: {path: /login, status: 204}\n",
		},
		{
			name: "unhealthy", command: upHere,
			settings: smallStack + "  lb: {health_path: /healthz}\n",
		},
	}
}
