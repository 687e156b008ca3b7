// Package kind is what a kind's own file says about it, besides how its things are listed, created and deleted: its
// title, where it stands in the picture, what must be gone before it, which calls change it and what IAM has to allow.
//
// All who show, plan, permit or measure kinds read it from here, so that a new kind is told in one place. The package
// must not know any kind; pkg/kinds has them all.
package kind
