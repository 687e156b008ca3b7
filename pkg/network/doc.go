// Package network has the stack's network resources, one file each: what the program wants of it, how it is listed,
// compared, made, changed and deleted. The calls a resource makes are the interface at the top of its file.
//
// It must not know the state, the terminal, or any other resource package: what a resource needs of another comes
// as a [graph.Ref].
package network
