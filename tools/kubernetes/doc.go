// Package kubernetes holds the manifests of examples/kubernetes against Kubernetes' own types. It is a module of its own, so
// that none of what it needs is a dependency of the program or of its tools.
package kubernetes
