// Package bootstrap makes what a team needs once in an account before a pipeline can work: a role to look with, a role
// to work with, and the identity provider by which workflows assume them without a stored key.
//
// It is no part of any stack and keeps no state: everything that it creates carries a tag, and it neither updates nor
// deletes anything without that tag. The package must not know commands or terminals; package policy writes the policies.
package bootstrap
