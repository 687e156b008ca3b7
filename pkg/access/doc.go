// Package access has what a stack's instances may do: an IAM role and the instance profile that hands it to them, so
// that people reach an instance by Session Manager and not by a key.
//
// IAM knows no regions, so that a stack has these once. The package must not know the state, the terminal, or any
// other resource package.
package access
