// Package contract holds what the sandbox and LocalStack are both held to: one table of AWS's behaviours, each observed
// through the SDK's own clients. The sandbox must show all of them. LocalStack's known gaps are listed by name, with
// what it does instead and why; one that has been closed, or that shows in another way, fails as well.
//
// It must not know the program: a behaviour is a fact about AWS, for any caller.
package contract
