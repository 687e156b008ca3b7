// Package policy writes the IAM policies that a team gives to the program: one to look with, one to work with, and who
// may assume the roles that carry them.
//
// What a kind of resource needs, its registration says; actions.go lists the rest. A test holds both against the calls in
// the code, and others run the whole life of a stack under the policies: none lacks an action, and none has one that is
// not called. The package makes no call, and knows no kind and no command.
package policy
