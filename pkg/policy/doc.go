// Package policy writes the IAM policies that a team gives to the program: one to look with, one to work with, and who
// may assume the roles that carry them.
//
// actions.go lists every action that the program calls, with what limits it. A test holds that list against the calls
// in the code of the resources, and others run the whole life of a stack under the policies: none lacks an action, and
// none has one that is not called. The package makes no call, and knows no resource and no command.
package policy
