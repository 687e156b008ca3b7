// Package graph is the engine: it compares one region's desired resources with the observed ones, plans the difference,
// carries the plan out along the edges, and removes the resources of a stack.
//
// It knows keys, edges, phases and changes. It must not know AWS: what a subnet is, how an error code is spelled or
// how an API pages belongs to the packages that implement [Resource]. It must not know where the journal is kept
// either; see [Journal].
//
// Reading order: resource.go (the contract), ref.go and once.go (the arguments of a resource's methods), graph.go,
// plan.go, apply.go with converge.go, remove.go.
package graph
