package contract

import "slices"

// behaviour is one thing that AWS does.
type behaviour struct {
	name string
	aws  string              // what is observed on AWS
	see  func(*world) string // observes it
}

// behaviours are all of them, in the order in which a stack is built.
func behaviours() []behaviour {
	return slices.Concat(
		vpcBehaviours, subnetBehaviours, gatewayBehaviours, routeBehaviours, addressBehaviours, natBehaviours,
		groupBehaviours, endpointBehaviours, templateBehaviours, instanceBehaviours, balancerBehaviours,
		targetBehaviours, scalingBehaviours, tagBehaviours, identityBehaviours, parameterBehaviours, storageBehaviours,
	)
}

const (
	accepted   = "accepted"
	dependency = "DependencyViolation"
)
