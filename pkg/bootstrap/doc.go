// Package bootstrap makes what a team needs once in an account before a pipeline can work: a role to look with, a role
// to work with, and the identity provider by which workflows assume them without a stored key.
//
// It is no part of any stack and keeps no state: what it made carries a tag, and what does not carry it is neither
// changed nor removed. The package must not know commands or terminals; what the policies say is package policy's.
package bootstrap
