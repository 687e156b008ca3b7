// Package lb has the stack's way in: the load balancer, its target group and listeners, one file each, and the health
// of the targets.
//
// It must not know the state, the terminal, or any other resource package: what a resource needs of another comes
// as a [graph.Ref].
package lb
