// Package compute has what runs the stack's web servers: the launch template and the Auto Scaling group, one file
// each, and the look-ups that they depend on: the image for an instance type and the zones that offer it.
//
// It must not know the state, the terminal, or any other resource package: what a resource needs of another comes
// as a [graph.Ref].
package compute
